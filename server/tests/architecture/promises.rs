//! What SECURITY.md promises: each promise names the tests that keep it, and those are there and run.

use super::{root, sources};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// A promise whose test was renamed or dropped is one that nobody keeps. A file of tests is named by its path.
#[test]
fn every_test_that_keeps_a_promise_is_there() {
    let promises = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let files: BTreeMap<String, BTreeSet<String>> =
        sources().into_iter().map(|(path, code)| (path.display().to_string(), tests_in(&code))).collect();
    let tests: BTreeSet<&String> = files.values().flatten().collect();
    let mut kept = 0;
    for (promise, keepers) in promises.lines().filter_map(promise) {
        assert!(!keepers.is_empty(), "nothing keeps what SECURITY.md promises: {promise}");
        for keeper in keepers {
            let is_kept = tests.contains(&keeper) || files.get(&keeper).is_some_and(|tests| !tests.is_empty());
            assert!(is_kept, "SECURITY.md promises what {keeper} keeps, and there is no such test: {promise}");
            kept += 1;
        }
    }
    assert!(kept > 130, "{kept}");
}

/// A row of the promises, and every name in its column "kept by".
fn promise(line: &str) -> Option<(&str, Vec<String>)> {
    let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
    let (promise, keepers) = row.split_once(" | ").unwrap_or((row, ""));
    let names = keepers.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    (keepers != "kept by").then_some((promise, names))
}

/// The functions that `cargo test` runs: those under the attribute, and those of our macro for both databases.
fn tests_in(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut both_databases: Option<String> = None;
    let (mut is_test, mut is_ignored) = (false, false);
    for line in code.lines() {
        let bare = line.trim_start();
        let indent = &line[..line.len() - bare.len()];
        if bare.is_empty() || bare.starts_with("//") {
            continue;
        }
        if bare.ends_with("on_both_databases! {") {
            both_databases = Some(indent.to_owned());
        } else if bare == "}" && both_databases.as_deref() == Some(indent) {
            both_databases = None;
        }
        if bare.starts_with("#[") {
            is_test |= bare == "#[test]" || bare.starts_with("#[tokio::test");
            is_ignored |= bare.starts_with("#[ignore");
            continue;
        }
        let is_entry = both_databases.as_ref().is_some_and(|outer| indent.len() == outer.len() + 4);
        let function = bare.strip_prefix("async ").unwrap_or(bare).strip_prefix("fn ");
        if let Some((name, _)) = function.and_then(|function| function.split_once('('))
            && (is_test || is_entry)
            && !is_ignored
        {
            found.insert(name.to_owned());
        }
        (is_test, is_ignored) = (false, false);
    }
    found
}

#[test]
fn a_function_that_is_not_run_keeps_no_promise() {
    for code in [
        "#[test]\nfn kept() {",
        "    #[tokio::test(flavor = \"multi_thread\")]\n    async fn kept() {",
        "/// Why.\n#[test]\n#[expect(unused)]\nfn kept() -> Result<()> {",
        "proptest! {\n    #![proptest_config(cases())]\n    /// Why.\n    #[test]\n    fn kept(text in \".*\") {",
        "on_both_databases! {\n    async fn other(store: Store) {\n    }\n\n    async fn kept(store: Store) {",
    ] {
        assert!(tests_in(code).contains("kept"), "{code}");
    }
    for code in [
        "fn kept() {",
        "#[test]\nfn other() {\n}\n\nasync fn kept() {",
        "#[test]\n#[ignore]\nfn kept() {",
        "// #[test]\nfn kept() {",
        "#[test]\nfn other() {\n    kept();",
        "#[cfg(test)]\nfn kept() {",
        "on_both_databases! {\n    async fn other(store: Store) {\n        async fn kept() {\n",
        "on_both_databases! {\n    async fn other(store: Store) {\n    }\n}\n\nimpl House {\n    async fn kept(&self) {",
    ] {
        assert!(!tests_in(code).contains("kept"), "{code}");
    }
}
