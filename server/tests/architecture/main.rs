//! The floors of the house, kept by a machine: which crate may know which, and what may stand in which file.
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod promises;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Who of us each crate may know (without tests).
const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("migrations", &[]),
    ("avatar", &[]),
    ("providers", &["domain"]),
    ("store", &["domain", "migrations"]),
    ("usecases", &["domain", "store", "providers", "avatar"]),
    ("app", &["domain", "usecases"]),
    ("frontend", &["app"]),
    ("server", &["domain", "store", "providers", "usecases", "app"]),
    ("testkit", &["domain", "store", "usecases", "migrations", "server"]),
    ("end2end", &[]),
    ("xtask", &[]),
];

/// What a crate must never depend on, whoever else does.
const NEVER: &[(&str, &[&str])] = &[
    ("domain", &["tokio", "axum", "leptos", "sea-orm", "reqwest", "getrandom"]),
    ("store", &["axum", "reqwest", "hyper", "http", "leptos"]),
    ("providers", &["axum", "sea-orm", "leptos", "hyper"]),
    ("avatar", &["tokio", "axum", "sea-orm", "reqwest", "leptos"]),
    ("usecases", &["axum", "leptos", "rmcp", "http", "sea-orm", "reqwest", "hyper"]),
    ("app", &["axum", "sea-orm", "reqwest", "rmcp"]),
    ("server", &["sea-orm", "reqwest", "argon2", "image"]),
];

/// Doors and the doors that they must not know.
const DOORS: &[&str] = &["oauth", "mcp", "api"];

#[test]
fn crates_look_down_only() {
    let allowed: BTreeMap<&str, &[&str]> = FLOORS.iter().copied().collect();
    let crates = manifests();
    for (name, dependencies) in &crates {
        let allowed = allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} has no floor: give it one here"));
        for dependency in dependencies.iter().filter(|dependency| crates.contains_key(*dependency)) {
            assert!(allowed.contains(&dependency.as_str()), "{name} may not know {dependency}");
        }
    }
    for (name, forbidden) in NEVER {
        for dependency in *forbidden {
            assert!(!crates[*name].contains(*dependency), "{name} may not depend on {dependency}");
        }
    }
}

#[test]
fn only_the_store_speaks_sql() {
    for (path, code) in sources() {
        let is_allowed = path.starts_with("crates/store") || path.starts_with("migrations") || is_this(&path);
        assert!(
            is_allowed || !(code.contains("sea_orm::") || code.contains("sea_orm_migration::")),
            "{} speaks SQL",
            path.display()
        );
    }
}

#[test]
fn only_the_configuration_reads_the_environment() {
    for (path, code) in sources() {
        // Tools that build and drive the house, and build scripts, are told things by their environment.
        let is_allowed =
            ["server/src/config", "xtask", "end2end", "crates/testkit"].iter().any(|room| path.starts_with(room))
                || path.ends_with("build.rs")
                || is_this(&path);
        assert!(is_allowed || !reads_environment(&code), "{} reads the environment", path.display());
    }
}

fn reads_environment(code: &str) -> bool {
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(|line| line.contains("env::var(") || line.contains("env::var_os(") || line.contains("env::vars("))
}

#[test]
fn doors_know_neither_the_store_nor_each_other() {
    for (path, code) in sources() {
        let Ok(room) = path.strip_prefix("server/src") else { continue };
        let Some(door) = DOORS.iter().find(|door| room.starts_with(door)) else { continue };
        assert_eq!(way_to_the_store(&code), None, "{} touches the store", path.display());
        for other in DOORS.iter().filter(|other| *other != door) {
            assert_eq!(way_to_a_door(&code, other), None, "{} calls the door {other}", path.display());
        }
    }
}

#[test]
fn pages_know_no_rows() {
    for (path, code) in sources() {
        if path.starts_with("app/src") {
            assert_eq!(way_to_the_store(&code), None, "{} touches the store", path.display());
        }
    }
}

#[test]
fn every_way_around_a_wall_is_seen() {
    for code in [
        "use store::Store;",
        "pub use {domain::id, store};",
        "let rows = ::store::rows();",
        "usecases::all(); store::rows()",
        "deps.store.profiles()",
        "let Deps { store, .. } = deps;\nstore.profiles()",
        "read(&deps.store)",
    ] {
        assert!(way_to_the_store(code).is_some(), "{code}");
    }
    for code in [
        "// store::Store",
        "restore::all()",
        "self.is_open.store(true, Relaxed)",
        "CACHE_CONTROL, \"no-store\"",
        "stores",
    ] {
        assert_eq!(way_to_the_store(code), None, "{code}");
    }
    for code in [
        "crate::oauth::wire::pairs(b\"\")",
        "use crate::oauth;",
        "use crate::{\n    fault,\n    oauth::{error::OAuthError, wire},\n};",
        "pub(super) use crate::{middleware::{RequestId, viewer}, oauth as other};",
        "use super::super::oauth::wire;",
        "use server::oauth;",
    ] {
        assert!(way_to_a_door(code, "oauth").is_some(), "{code}");
    }
    for code in ["use domain::oauth::scope::Scope;", "use crate::{fault, words};", "use domain::{id, oauth::pkce};"] {
        assert_eq!(way_to_a_door(code, "oauth"), None, "{code}");
    }
}

/// The first line that says `store` and means the crate, or what use cases hold of it.
fn way_to_the_store(code: &str) -> Option<&str> {
    code.lines().filter(|line| !line.trim_start().starts_with("//")).find(|line| {
        line.match_indices("store").any(|(start, word)| {
            let (before, after) = (&line[..start], &line[start + word.len()..]);
            let is_word = !before.ends_with(is_in_names) && !after.starts_with(is_in_names);
            // Atomics have a method by that name.
            let is_method = before.ends_with('.') && after.starts_with('(');
            is_word && !is_method && !before.ends_with('-')
        })
    })
}

fn is_in_names(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The first path into the door `other`: from the root or from above, written out or imported.
fn way_to_a_door(code: &str, other: &str) -> Option<String> {
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let is_way = |path: &str| {
        let mut steps = path.split("::").map(str::trim).peekable();
        let mut is_ours = false;
        while steps.next_if(|step| matches!(*step, "crate" | "super" | "self" | "server")).is_some() {
            is_ours = true;
        }
        is_ours && steps.next().and_then(|step| step.split_whitespace().next()) == Some(other)
    };
    let written = code.split(|character: char| !is_in_names(character) && character != ':').map(str::to_owned);
    written.chain(imports(&code)).find(|path| is_way(path))
}

/// What `code` imports, a path each: `use a::{b, c::d};` is `a::b` and `a::c::d`.
fn imports(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for statement in code.split(';') {
        let start = statement.match_indices("use ").find(|(start, _)| !statement[..*start].ends_with(is_in_names));
        if let Some((start, word)) = start {
            spread("", &statement[start + word.len()..], &mut paths);
        }
    }
    paths
}

fn spread(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((stem, branches)) = tree.split_once('{') else {
        paths.push(format!("{prefix}{}", tree.trim()));
        return;
    };
    let prefix = format!("{prefix}{}", stem.trim());
    let (mut depth, mut start) = (0_usize, 0);
    for (end, character) in branches.char_indices() {
        match character {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                spread(&prefix, &branches[start..end], paths);
                start = end + 1;
                if character == '}' {
                    return;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
}

/// What is compared byte by byte tells by its time how much of a guess was right.
#[test]
fn no_secret_is_compared_but_in_constant_time() {
    for (room, name) in [("secret.rs", "Secret"), ("secret.rs", "SecretHash"), ("session.rs", "FormToken")] {
        let code = fs::read_to_string(root().join("crates/domain/src").join(room)).unwrap();
        let (before, _) = code.split_once(&format!("pub struct {name}")).unwrap();
        let derived = before.lines().last().unwrap();
        assert!(
            derived.starts_with("#[derive(") && !derived.contains("PartialEq"),
            "{name} has a comparison of its own"
        );
        let compared = code.split_once(&format!("impl PartialEq for {name} ")).map(|(_, after)| after);
        let compared = compared.or_else(|| code.split_once("fn matches(").map(|(_, after)| after)).unwrap();
        assert!(compared.split_once("\n    }").unwrap().0.contains(".ct_eq("), "{name} is compared byte by byte");
    }
    let pkce = fs::read_to_string(root().join("crates/domain/src/oauth/pkce.rs")).unwrap();
    let (_, met) = pkce.split_once("fn is_met_by(").unwrap();
    assert!(met.split_once("\n    }").unwrap().0.contains(".ct_eq("), "a verifier is compared byte by byte");
}

#[test]
fn no_file_is_a_house_of_its_own() {
    for (path, code) in sources() {
        let lines = code.lines().count();
        assert!(lines <= 600, "{} has {lines} lines: make it a folder", path.display());
    }
}

#[test]
fn every_module_says_what_lives_in_it() {
    for (path, code) in sources() {
        if path.ends_with("tests.rs") {
            continue;
        }
        let first = code.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!")).unwrap_or_default();
        assert!(first.starts_with("//!"), "{} opens without a line on what lives there", path.display());
    }
}

/// Readers search for a word, and find it where it is always spelled the same.
#[test]
fn what_people_read_spells_email_in_one_way() {
    let pages = ["", "docs"].iter().flat_map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let pages =
        pages.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    let pages = pages.map(|path| (path.clone(), fs::read_to_string(path).unwrap()));
    for (path, text) in pages.chain(sources()).filter(|(path, _)| !is_this(path)) {
        assert!(!text.to_lowercase().contains("e-mail"), "{} spells email with a hyphen", path.display());
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn is_this(path: &Path) -> bool {
    path.starts_with("server/tests/architecture")
}

/// Every source file of ours, by its path from the root.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for room in ["app", "frontend", "server", "crates", "migrations", "end2end", "xtask"] {
        collect(&root().join(room), &mut found);
    }
    assert!(found.len() > 50, "the sources were not found");
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_foreign = path.file_name().is_some_and(|name| name == "target" || name == "node_modules");
        if path.is_dir() && !is_foreign {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let code = fs::read_to_string(&path).unwrap();
            found.push((path.strip_prefix(root()).unwrap().to_owned(), code));
        }
    }
}

/// Each crate of ours with what it depends on, tests left out.
fn manifests() -> BTreeMap<String, BTreeSet<String>> {
    let mut folders: Vec<PathBuf> =
        ["app", "frontend", "server", "migrations", "end2end", "xtask"].iter().map(|room| root().join(room)).collect();
    folders.extend(fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path()));
    folders
        .iter()
        .map(|folder| {
            let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
            let manifest: toml::Table = text.parse().unwrap();
            let name = manifest["package"]["name"].as_str().unwrap().to_owned();
            (name, dependencies(&manifest))
        })
        .collect()
}

fn dependencies(manifest: &toml::Table) -> BTreeSet<String> {
    let mut tables = vec![manifest.get("dependencies")];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().map(|target| target.get("dependencies")));
    }
    tables.into_iter().flatten().filter_map(toml::Value::as_table).flat_map(|table| table.keys().cloned()).collect()
}
