//! A new password at the command line, and what becomes of the apps that were connected with the old one.

use super::{Serving, answer, folder, visage};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

const ADA: &str = "ada@analytical.example";

/// The demo, once it is filled, and where it keeps its data.
fn demo(folder: &Path) -> (Serving, String) {
    let mut child = visage(folder, &["demo"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let data = lines.find_map(|line| line.trim().strip_prefix("Data ").map(|data| data.trim().to_owned())).unwrap();
    // Read on, or the demo would stop at a full pipe.
    std::thread::spawn(move || lines.count());
    (Serving { child, address: String::new() }, data)
}

/// What a command with a password says beside its answer.
#[track_caller]
fn remarks(mut command: Command) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"another long sentence\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("Changed the password of {ADA}\n"));
    told
}

#[test]
fn a_new_password_ends_the_apps_of_its_person_unless_they_are_to_be_kept() {
    let folder = folder();
    let (serving, data) = demo(folder.path());
    let run = |arguments: &[&str]| {
        let mut command = visage(folder.path(), arguments);
        command.env("VISAGE_DATA_DIR", &data);
        command
    };
    let connections = || -> usize {
        let listed = answer(run(&["workspace", "list"]), "");
        listed.lines().skip(1).map(|line| line.split_whitespace().last().unwrap().parse::<usize>().unwrap()).sum()
    };
    let before = connections();
    assert_eq!(remarks(run(&["user", "password", ADA, "--password-stdin", "--keep-connections"])), "");
    assert_eq!(connections(), before);

    let told = remarks(run(&["user", "password", ADA, "--password-stdin"]));
    let ended = before - connections();
    assert!(ended > 1, "{ended}");
    assert_eq!(
        told,
        format!("{ended} connections of theirs ended with the old one: the apps have to be connected again.\n")
    );
    assert_eq!(remarks(run(&["user", "password", ADA, "--password-stdin"])), "", "there is nothing left to end");
    serving.stop();
}
