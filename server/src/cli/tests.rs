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
        "visage user password ada@analytical.example --password-stdin --keep-connections",
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
        "visage client add --name CRM --redirect-uri https://crm.example/cb --confidential --logo-uri https://crm.example/logo.png",
        "visage client list",
        "visage client list cursor --waiting",
        "visage client allow client_7f3e",
        "visage client block https://x.example/client",
        "visage client release client_7f3e",
        "visage client rule add --block --host evil.example",
        "visage client rule add --ask --name Inspector*",
        "visage client rule list",
        "visage client rule remove 018f3b1e-0000-7000-8000-000000000000",
        "visage client policy",
        "visage client policy Ask",
        "visage user operator ada@analytical.example",
        "visage user operator ada@analytical.example --off",
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
        "visage client add --name App",
        "visage client add --name App --resource-server --logo-uri https://a.example/logo.png",
        "visage client list --waiting --blocked",
        "visage client rule add --host evil.example",
        "visage client rule add --block",
        "visage client rule add --block --ask --host evil.example",
        "visage client rule add --block --host a.example --name b",
        "visage client policy maybe",
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
