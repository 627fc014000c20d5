//! The built binary, as an operator meets it: start-up faults, the commands, signals.
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod operator;
mod passwords;

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

/// The binary in a folder of its own, with nothing set.
fn visage(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_visage"));
    command.args(arguments).current_dir(folder).env_clear().env("VISAGE_LISTEN", "127.0.0.1:0").env("TMPDIR", folder);
    command.stdin(Stdio::null());
    command
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A command that fails with one sentence.
#[track_caller]
fn assert_fault(output: &Output, part: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(output.stdout.is_empty());
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains(part) && told.trim_end().ends_with('.'), "{told}");
}

/// Runs a command with `input` and gives what it answers.
#[track_caller]
fn answer(mut command: Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A server that has said where it listens.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = lines.find(|line| line.as_ref().unwrap().contains("listens on")).unwrap().unwrap();
        let address = line.split("listens on ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        // Read on, or the server would stop at a full pipe.
        std::thread::spawn(move || lines.count());
        Self { child, address }
    }

    fn get(&self, path: &str) -> String {
        get(&self.address, path)
    }

    #[track_caller]
    fn stop(mut self) {
        terminate(&self.child);
        assert!(self.child.wait().unwrap().success());
    }
}

fn get(address: &str, path: &str) -> String {
    send(address, &format!("GET {path}"), "", "")
}

/// One request as it stands on the wire: `head` holds further lines, each with its end.
fn send(address: &str, request: &str, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn a_server_starts_without_a_setting_and_ends_well_when_told_to() {
    let folder = folder();
    let serving = Serving::start(visage(folder.path(), &[]));
    assert!(serving.get("/healthz").starts_with("HTTP/1.1 200 OK"));
    assert!(serving.get("/readyz").starts_with("HTTP/1.1 200 OK"));
    assert!(folder.path().join("data/visage.db").exists());
    serving.stop();
}

#[test]
fn what_is_no_request_of_ours_is_refused_in_the_dialect_of_its_door() {
    let folder = folder();
    let serving = Serving::start(visage(folder.path(), &["serve"]));
    for (request, status, dialect) in [
        ("CONNECT evil.example:443", "405", "text/html"),
        ("OPTIONS *", "400", "text/html"),
        ("GET mcp", "400", "text/html"),
        ("GET http://evil.example/mcp", "403", "application/json"),
        ("GET http://evil.example/token", "405", "application/json"),
        ("GET http://evil.example/v1/usage", "401", "application/problem+json"),
        ("GET http://evil.example/nowhere", "404", "text/html"),
    ] {
        let answer = send(&serving.address, request, "", "");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {answer}");
        assert!(answer.to_lowercase().contains(&format!("content-type: {dialect}")), "{request}: {answer}");
    }
    // Every address that is handed out comes from the setting, whatever the request names.
    let document = send(&serving.address, "GET http://evil.example/.well-known/oauth-authorization-server", "", "");
    assert!(document.starts_with("HTTP/1.1 200") && !document.contains("evil.example"), "{document}");
    serving.stop();
}

#[test]
fn a_taken_port_is_one_sentence() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = visage(folder.path(), &["serve"]).env("VISAGE_LISTEN", &address).output().unwrap();
    assert_fault(&output, &address);
}

#[test]
fn two_servers_never_share_a_file_and_commands_work_beside_one() {
    let folder = folder();
    let serving = Serving::start(visage(folder.path(), &["serve"]));
    assert_fault(&visage(folder.path(), &["serve"]).output().unwrap(), "visage.db");

    let create = ["user", "create", "--email", "ada@analytical.example", "--name", "Ada", "--password-stdin"];
    answer(visage(folder.path(), &create), "correct horse battery 1815\n");
    let owner = ["workspace", "create", "Analytical Engines", "--owner", "ada@analytical.example"];
    assert_eq!(answer(visage(folder.path(), &owner), ""), "analytical-engines\n");
    assert_eq!(answer(visage(folder.path(), &owner), ""), "analytical-engines-2\n");
    let key = ["key", "create", "--workspace", "analytical-engines", "--kind", "secret", "--name", "CRM"];
    let key = answer(visage(folder.path(), &key), "");
    assert!(key.starts_with("sk_") && key.lines().count() == 1, "{key}");
    let usage = serving.get(&format!("/v1/usage?key={}", key.trim()));
    assert!(usage.contains(r#""workspace":"analytical-engines""#), "{usage}");
    answer(visage(folder.path(), &["key", "revoke", &key[..9]]), "");
    assert!(serving.get(&format!("/v1/usage?key={}", key.trim())).starts_with("HTTP/1.1 401"));
    serving.stop();
}

#[test]
fn people_are_imported_from_standard_input_and_refusals_are_named() {
    let folder = folder();
    let create = ["user", "create", "--email", "ada@analytical.example", "--name", "Ada", "--password-stdin"];
    answer(visage(folder.path(), &create), "correct horse battery 1815\n");
    answer(visage(folder.path(), &["workspace", "create", "Engines", "--owner", "ada@analytical.example"]), "");
    let people =
        "linkedin_url,name\nhttps://www.linkedin.com/in/ada-lovelace,Ada\nhttps://www.linkedin.com/company/acme,Acme\n";
    let mut import = visage(folder.path(), &["import", "-", "--workspace", "engines"]);
    let mut child = import.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(people.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let counts =
        ["          read 2", "         added 1", "       updated 0", "     unchanged 0", "       refused 1", ""];
    assert_eq!(String::from_utf8(output.stdout).unwrap(), counts.join("\n"));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("line 3: refused: ") && told.lines().count() == 1, "{told}");
}

#[test]
fn what_cannot_be_used_is_told_with_the_way_out() {
    let folder = folder();
    std::fs::write(folder.path().join("a-file"), "").unwrap();
    std::fs::write(folder.path().join("bad.toml"), "listn = 1\nlog = 2\n").unwrap();
    std::fs::write(folder.path().join("no.db"), "this is no database, however long it may be. ".repeat(200)).unwrap();
    let output = |arguments: &[&str], name: &str, value: &str| {
        visage(folder.path(), arguments).env(name, value).output().unwrap()
    };
    assert_fault(&output(&["serve"], "VISAGE_DATA_DIR", "a-file"), "VISAGE_DATA_DIR");
    assert_fault(&output(&["serve"], "VISAGE_SIGN_UP", "maybe"), "VISAGE_SIGN_UP");
    assert_fault(&output(&["user", "list"], "VISAGE_LISTN", "127.0.0.1:0"), "VISAGE_LISTN is no setting");
    assert_fault(&output(&["serve"], "VISAGE_DATABASE_URL", "mysql://u:hunter2@h/d"), "sqlite:// or postgres://");
    assert_fault(&output(&["serve"], "VISAGE_DATABASE_URL", "sqlite://no.db"), "no SQLite database");
    let bad = visage(folder.path(), &["serve", "--config", "bad.toml"]).output().unwrap();
    assert_fault(&bad, "2 faults");
    assert_fault(&visage(folder.path(), &["serve", "--config", "none.toml"]).output().unwrap(), "none.toml");
    assert_fault(&visage(folder.path(), &["import", "none.csv", "--workspace", "x"]).output().unwrap(), "none.csv");
}

#[test]
fn wrong_use_ends_with_two_and_help_with_zero() {
    let folder = folder();
    assert_eq!(visage(folder.path(), &["fly"]).output().unwrap().status.code(), Some(2));
    assert_eq!(visage(folder.path(), &["import"]).output().unwrap().status.code(), Some(2));
    for command in [&[][..], &["import"], &["user", "create"], &["key", "create"], &["doctor"], &["openapi"]] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let help = answer(visage(folder.path(), &arguments), "");
        assert!(help.contains("Usage: visage"), "{help}");
    }
}

#[test]
fn the_doctor_finds_a_server_well_and_a_stranger_not() {
    let folder = folder();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let address = format!("127.0.0.1:{port}");
    let mut command = visage(folder.path(), &["serve"]);
    command.env("VISAGE_LISTEN", &address);
    let serving = Serving::start(command);
    let url = format!("http://localhost:{port}/mcp");
    let doctor = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["doctor"].iter().chain(arguments).copied().collect();
        let mut command = visage(folder.path(), &arguments);
        command.env("VISAGE_LISTEN", &address);
        command
    };
    let well = answer(doctor(&[&url]), "");
    assert!(well.ends_with("Nothing would fail. See the lines above that begin with warn.\n"), "{well}");

    // Whoever has the database may know which workspaces there are; nobody else learns it.
    let slug = format!("{url}/engines");
    let missing = doctor(&[&slug]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stdout).contains("There is no workspace \"engines\""));
    let create = ["user", "create", "--email", "ada@analytical.example", "--name", "Ada", "--password-stdin"];
    answer(visage(folder.path(), &create), "correct horse battery 1815\n");
    let from_outside = || answer(visage(folder.path(), &["doctor", &slug]), "");
    let before = from_outside();
    assert!(before.contains("can’t be seen from outside"), "{before}");
    answer(visage(folder.path(), &["workspace", "create", "Engines", "--owner", "ada@analytical.example"]), "");
    assert!(answer(doctor(&[&slug]), "").contains("There is a workspace \"engines\""));
    assert_eq!(from_outside(), before);

    // By another name the server is not what its metadata says: a client would refuse it.
    let other = visage(folder.path(), &["doctor", &format!("http://127.0.0.1:{port}/mcp")]).output().unwrap();
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stdout).contains("VISAGE_PUBLIC_URL"));
    serving.stop();

    // A name that leads nowhere is told apart from a machine on which nothing listens.
    let told = |url: &str| String::from_utf8(doctor(&[url]).output().unwrap().stdout).unwrap();
    let nobody = told("https://nobody.invalid/mcp");
    assert!(nobody.contains("the host's name has no address") && nobody.contains("Check the spelling"), "{nobody}");
    let closed = told(&url);
    assert!(closed.contains("could not be reached") && closed.contains("the port is right"), "{closed}");
}

#[test]
fn the_demo_can_be_looked_at_and_leaves_nothing() {
    let folder = folder();
    let mut child = visage(folder.path(), &["demo"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let told: Vec<String> = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap)
        .take_while(|line| !line.starts_with("Ctrl-C"))
        .collect();
    let told = told.join("\n");
    let url = told.lines().find_map(|line| line.trim().strip_prefix("Connector")).unwrap().trim().to_owned();
    assert!(told.contains(&format!("claude mcp add --transport http visage {url}")), "{told}");
    assert!(told.contains("ada@analytical.example") && told.contains("Ada is the operator"), "{told}");
    assert!(told.contains("https://www.linkedin.com/in/ada-lovelace"), "{told}");
    let address = url.strip_prefix("http://").unwrap().strip_suffix("/mcp").unwrap().replace("localhost", "127.0.0.1");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    // What the demo suggests to try works.
    let face = told.split_once("curl -L -o face.jpg '").unwrap().1.split('\'').next().unwrap();
    let path = face.strip_prefix(url.strip_suffix("/mcp").unwrap()).unwrap();
    let face = get(&address, path);
    assert!(face.starts_with("HTTP/1.1 302") && face.contains("/cdn/"), "{face}");
    let data = told.lines().find_map(|line| line.trim().strip_prefix("Data")).unwrap().trim();
    assert!(told.contains(&format!("VISAGE_DATA_DIR='{data}' visage user list")), "{told}");
    let mut users = visage(folder.path(), &["user", "list"]);
    users.env("VISAGE_DATA_DIR", data);
    assert!(answer(users, "").contains("ada@analytical.example"));
    terminate(&child);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    // Nothing scrolls the sign-in away.
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "Filling a throw-away database …\n");
}
