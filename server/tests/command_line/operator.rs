//! What an operator does at the command line: people, lists, and what stands in logs.

use super::{Serving, answer, assert_fault, folder, send, visage};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::Stdio,
};

const PASSWORD: &str = "correct horse battery 1815\n";

/// A database with Ada, Eve and Ada's workspace `engines`.
fn engines(folder: &Path) {
    for (email, name) in [("ada@analytical.example", "Ada"), ("eve@analytical.example", "Eve")] {
        let create = ["user", "create", "--email", email, "--name", name, "--password-stdin"];
        answer(visage(folder, &create), PASSWORD);
    }
    answer(visage(folder, &["workspace", "create", "Engines", "--owner", "ada@analytical.example"]), "");
}

#[test]
fn a_workspace_takes_a_second_person_and_keeps_its_last_owner() {
    let folder = folder();
    engines(folder.path());
    let member = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["workspace", "member", "engines"].iter().chain(arguments).copied().collect();
        visage(folder.path(), &arguments)
    };
    let eve = "eve@analytical.example";
    assert_eq!(answer(member(&[eve, "--role", "viewer"]), ""), format!("Added {eve} to engines as viewer\n"));
    let changed = answer(member(&[eve, "--role", "Admin"]), "");
    assert_eq!(changed, format!("{eve} is now admin in engines, no longer viewer\n"));
    let listed = answer(member(&[]), "");
    assert_eq!(
        listed,
        "EMAIL                   NAME  ROLE\nada@analytical.example  Ada   owner\neve@analytical.example  Eve   admin\n"
    );
    assert_fault(&member(&["ada@analytical.example", "--remove"]).output().unwrap(), "make somebody else an owner");
    assert_fault(&member(&["ada@analytical.example", "--role", "viewer"]).output().unwrap(), "only owner");
    assert_eq!(answer(member(&[eve, "--remove"]), ""), format!("Removed {eve} from engines\n"));
    assert_fault(&member(&[eve, "--remove"]).output().unwrap(), "does not belong to engines");
    assert_fault(&member(&["zoe@analytical.example", "--role", "viewer"]).output().unwrap(), "visage user create");
}

#[test]
fn a_lost_password_is_replaced_and_a_closed_account_opened_again() {
    let folder = folder();
    engines(folder.path());
    let ada = "ada@analytical.example";
    let password = || visage(folder.path(), &["user", "password", ada, "--password-stdin"]);
    let changed = answer(password(), "another long sentence\n");
    assert_eq!(changed, "Changed the password of ada@analytical.example\n");
    assert_fault(&password().output().unwrap(), "standard input");
    answer(visage(folder.path(), &["user", "disable", ada]), "");
    assert!(answer(visage(folder.path(), &["user", "list"]), "").contains("disabled"));
    assert_eq!(answer(visage(folder.path(), &["user", "enable", ada]), ""), "Enabled ada@analytical.example\n");
    assert!(!answer(visage(folder.path(), &["user", "list"]), "").contains("disabled"));
}

/// What a command says beside its answer.
#[track_caller]
fn remarks(folder: &Path, arguments: &[&str]) -> String {
    let output = visage(folder, arguments).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    told
}

#[test]
fn closing_the_last_account_that_looks_after_something_says_what_is_left_alone() {
    let folder = folder();
    engines(folder.path());
    let (ada, eve) = ("ada@analytical.example", "eve@analytical.example");
    let told = remarks(folder.path(), &["user", "disable", ada]);
    assert!(
        told.contains("engines has no owner who can sign in now: `visage workspace member engines EMAIL --role owner`"),
        "{told}"
    );
    assert!(told.contains("Nobody runs this server now: `visage user operator EMAIL`"), "{told}");
    let users = answer(visage(folder.path(), &["user", "list"]), "");
    assert!(users.lines().any(|line| line.starts_with(ada) && line.contains("disabled operator")), "{users}");
    answer(visage(folder.path(), &["user", "enable", ada]), "");

    // Where somebody else does, there is nothing to say.
    answer(visage(folder.path(), &["workspace", "member", "engines", eve, "--role", "owner"]), "");
    answer(visage(folder.path(), &["user", "operator", eve]), "");
    assert_eq!(remarks(folder.path(), &["user", "disable", ada]), "");
    let told = remarks(folder.path(), &["user", "operator", eve, "--off"]);
    assert!(told.contains("Nobody runs this server now") && told.lines().count() == 1, "{told}");
}

#[test]
fn an_address_is_told_as_it_is_written_wherever_it_stands_in_a_sentence() {
    let folder = folder();
    engines(folder.path());
    let remove = ["workspace", "member", "engines", "ada@analytical.example", "--remove"];
    let output = visage(folder.path(), &remove).output().unwrap();
    assert_fault(&output, "ada@analytical.example is the only owner who can sign in");
}

#[test]
fn what_is_printed_of_a_new_client_is_named_beside_the_answer() {
    let folder = folder();
    engines(folder.path());
    let add = |more: &[&str]| {
        let arguments: Vec<&str> = ["client", "add"].iter().chain(more).copied().collect();
        visage(folder.path(), &arguments).output().unwrap()
    };
    let crm = ["--name", "CRM", "--redirect-uri", "https://crm.example/cb", "--confidential"];
    let first = add(&crm);
    let (answer, told) = (String::from_utf8(first.stdout).unwrap(), String::from_utf8(first.stderr).unwrap());
    let lines: Vec<&str> = answer.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("client_") && lines[1].starts_with("vcs_"), "{answer}");
    assert_eq!(told, "client_id:\nclient_secret, shown this once:\n");

    let second = add(&crm);
    let told = String::from_utf8(second.stderr).unwrap();
    let same = format!("There is a client of this name with these redirect URIs already: {}", lines[0]);
    assert!(second.status.success() && told.contains(&same), "{told}");
    let other = add(&["--name", "CRM", "--redirect-uri", "https://crm.example/other"]);
    assert_eq!(String::from_utf8(other.stderr).unwrap(), "client_id:\n");

    let told = ["--id-token-alg", "HS256"];
    let refused = add(&[&crm[..], &told].concat());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("[possible values: ES256, RS256]"));
    assert!(add(&[&crm[..], &["--id-token-alg", "ES256"]].concat()).status.success());

    for nameless in
        [&["--name", " ", "--redirect-uri", "https://crm.example/cb"][..], &["--name", "", "--resource-server"]]
    {
        assert_fault(&add(nameless), "give the name that people know it by, as in --name \"Contact desk\"");
    }
    let local =
        ["--name", "Desk", "--redirect-uri", "http://localhost/cb", "--logo-uri", "https://desk.example/logo.png"];
    let told = String::from_utf8(add(&local).stderr).unwrap();
    assert!(told.contains("The logo is not shown: the app sends people to a program on their own computers"), "{told}");
    assert!(!told.contains("fetched"), "{told}");
}

#[test]
fn workspaces_and_keys_are_listed_and_a_wrong_slug_is_told_where_to_look() {
    let folder = folder();
    engines(folder.path());
    let key = ["key", "create", "--workspace", "engines", "--kind", "secret", "--name", "CRM"];
    let key = answer(visage(folder.path(), &key), "");
    assert!(answer(visage(folder.path(), &["workspace", "plan", "engines", "TEAM"]), "").contains("plan Team"));
    let workspaces = answer(visage(folder.path(), &["workspace", "list"]), "");
    let lines: Vec<Vec<&str>> = workspaces.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines, [["SLUG", "NAME", "PLAN", "PEOPLE", "CONNECTIONS"], ["engines", "Engines", "team", "0", "0"]]);
    let keys = || answer(visage(folder.path(), &["key", "list", "--workspace", "engines"]), "");
    let line = format!("{}  secret  CRM   active", &key[..9]);
    assert!(keys().lines().any(|found| found == line), "{}", keys());
    answer(visage(folder.path(), &["key", "revoke", &key[..9]]), "");
    assert!(keys().contains("revoked"));
    for wrong in [
        &["key", "list", "--workspace", "engine"][..],
        &["key", "create", "--workspace", "engine", "--kind", "secret", "--name", "CRM"],
        &["import", "-", "--workspace", "engine"],
        &["workspace", "plan", "engine", "team"],
        &["workspace", "member", "engine"],
    ] {
        let output = visage(folder.path(), wrong).output().unwrap();
        assert_fault(&output, "There is no workspace \"engine\": `visage workspace list` shows all");
    }
}

#[test]
fn accounts_and_apps_are_listed_under_a_head_and_in_the_words_of_the_pages() {
    let folder = folder();
    engines(folder.path());
    let run = |arguments: &[&str]| answer(visage(folder.path(), arguments), "");
    let users = run(&["user", "list"]);
    let lines: Vec<Vec<&str>> = users.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["EMAIL", "NAME", "STATE", "SINCE"]);
    assert_eq!(lines[1][..3], ["ada@analytical.example", "Ada", "operator"]);
    assert_eq!(lines.len(), 3);
    // A line's columns begin where the head's do.
    let place = users.find("STATE").unwrap();
    assert!(users.lines().skip(1).all(|line| line[place - 1..].starts_with(' ') && line.len() > place));

    let serving = Serving::start(visage(folder.path(), &["serve"]));
    run(&["client", "rule", "add", "--ask", "--host", "a.example"]);
    let document = r#"{"client_name":"App","redirect_uris":["https://a.example/cb"]}"#;
    let head = format!("content-type: application/json\r\ncontent-length: {}\r\n", document.len());
    let registered = send(&serving.address, "POST /register", &head, document);
    assert!(registered.starts_with("HTTP/1.1 201"), "{registered}");
    let clients = run(&["client", "list"]);
    assert!(clients.contains("a.example  waiting for approval  0"), "{clients}");
    serving.stop();
    let refused = ["client", "add", "--name", "App", "--redirect-uri", "nonsense"];
    assert_fault(&visage(folder.path(), &refused).output().unwrap(), "A redirect URI must be an absolute URI");
}

#[test]
fn a_rule_is_removed_by_what_it_is_about_as_well_as_by_its_identifier() {
    let folder = folder();
    engines(folder.path());
    let run = |arguments: &[&str]| answer(visage(folder.path(), arguments), "");
    run(&["client", "rule", "add", "--block", "--host", "*.evil.example"]);
    run(&["client", "rule", "add", "--ask", "--name", "Inspector*"]);
    let remove = |rule: &str| visage(folder.path(), &["client", "rule", "remove", rule]);
    assert_eq!(answer(remove("*.Evil.example"), ""), "Removed the rule for host *.evil.example\n");
    assert_eq!(answer(remove("Inspector*"), ""), "Removed the rule for name Inspector*\n");
    assert_fault(&remove("Inspector*").output().unwrap(), "visage client rule list");
    // One pattern may stand for two rules, and neither is removed by chance.
    run(&["client", "rule", "add", "--block", "--host", "evil.example"]);
    run(&["client", "rule", "add", "--ask", "--name", "evil.example"]);
    let several = remove("evil.example").output().unwrap();
    assert_fault(&several, "for the host or ");
    let told = String::from_utf8(several.stderr).unwrap();
    let id = told.split_once("identifier, ").unwrap().1.split(' ').next().unwrap();
    assert_eq!(answer(remove(id), ""), "Removed the rule for host evil.example\n");
}

#[test]
fn new_signing_keys_are_told_with_the_times_at_which_they_take_over() {
    let folder = folder();
    engines(folder.path());
    let rotate = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["keys", "rotate"].iter().chain(arguments).copied().collect();
        let answer = answer(visage(folder.path(), &arguments), "");
        assert_eq!(answer.lines().count(), 1, "{answer}");
        answer
    };
    let first = rotate(&[]);
    let id = first.split(' ').nth(1).unwrap();
    assert!(first.starts_with("ES256 ") && first.contains(" signs from 20"), "{first}");
    let second = rotate(&[]);
    assert!(second.contains(&format!("; {id}, which it replaces, verifies until 20")), "{second}");
    assert!(rotate(&["--leaked"]).contains("nothing that was signed before verifies any more"));
}

#[test]
fn commands_in_the_wrong_folder_make_no_database() {
    let folder = folder();
    for command in [
        &["user", "list"][..],
        &["user", "disable", "ada@analytical.example"],
        &["workspace", "list"],
        &["workspace", "create", "Engines", "--owner", "ada@analytical.example"],
        &["key", "revoke", "sk_7f3eQa"],
        &["client", "add", "--name", "App", "--redirect-uri", "https://a.example/cb"],
        &["import", "-", "--workspace", "engines"],
    ] {
        let output = visage(folder.path(), command).output().unwrap();
        assert_fault(&output, "There is no database at ./data/visage.db: run the command in the folder where");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{command:?}");
    }
}

#[test]
fn an_answer_that_is_read_in_part_ends_quietly() {
    let folder = folder();
    for command in ["openapi", "doctor"] {
        let mut command = visage(folder.path(), &[command]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_long_import_without_a_terminal_tells_how_far_it_is() {
    let folder = folder();
    engines(folder.path());
    let mut people = "linkedin_url,name\n".to_owned();
    for number in 0..20_500 {
        // Each tenth person stands there twice.
        people.push_str(&format!("https://www.linkedin.com/in/person-{},Person\n", number - number % 10 / 9));
    }
    let mut import = visage(folder.path(), &["import", "-", "--workspace", "engines"]);
    let mut child = import.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(people.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "10000 rows read …\n20000 rows read …\n");
    let counts: Vec<u64> = BufReader::new(&output.stdout[..])
        .lines()
        .map(|line| line.unwrap().split_whitespace().last().unwrap().parse().unwrap())
        .collect();
    assert_eq!(counts[0], 20_500);
    assert_eq!(counts[1..].iter().sum::<u64>(), 20_500, "{counts:?}");
}
