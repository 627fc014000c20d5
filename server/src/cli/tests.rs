//! The command line as it is documented.

use super::Arguments;
use clap::{CommandFactory as _, Parser as _, error::ErrorKind};

#[test]
fn the_definition_of_the_commands_is_sound() {
    Arguments::command().debug_assert();
}

#[test]
fn the_documented_commands_are_understood() {
    for line in [
        "visage",
        "visage serve",
        "visage demo",
        "visage --config visage.toml serve",
        "visage serve --config visage.toml",
        "visage import Connections.csv --workspace analytical-engines",
        "visage import - --workspace analytical-engines",
        "visage user create --email ada@analytical.example --name Ada --password-stdin",
        "visage user list",
        "visage user disable ada@analytical.example",
        "visage workspace create Engines --owner ada@analytical.example --slug engines",
        "visage user password ada@analytical.example --password-stdin",
        "visage user enable ada@analytical.example",
        "visage workspace list",
        "visage workspace plan engines team",
        "visage workspace plan engines Team",
        "visage workspace member engines",
        "visage workspace member engines ada@analytical.example --role Admin",
        "visage workspace member engines ada@analytical.example --remove",
        "visage key create --workspace engines --kind publishable --name Site",
        "visage key list --workspace engines",
        "visage key revoke pk_7f3eQa",
        "visage client add --name App --redirect-uri https://a.example/cb --redirect-uri http://localhost/cb",
        "visage doctor",
        "visage doctor https://visage.example/mcp",
        "visage openapi",
    ] {
        let read = Arguments::try_parse_from(line.split(' '));
        assert!(read.is_ok(), "{line}: {}", read.unwrap_err());
    }
}

#[test]
fn wrong_use_is_told_apart_from_a_fault() {
    for line in [
        "visage fly",
        "visage import",
        "visage user create --email a --name b",
        "visage user password a",
        "visage key create",
        "visage workspace member engines a@b.example",
        "visage workspace member engines --remove",
        "visage workspace member engines a@b.example --role king",
        "visage workspace member engines a@b.example --role admin --remove",
    ] {
        let error = Arguments::try_parse_from(line.split(' ')).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}");
    }
    assert_eq!(Arguments::try_parse_from(["visage", "--help"]).unwrap_err().kind(), ErrorKind::DisplayHelp);
}
