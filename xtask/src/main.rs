//! The few verbs of the project, one room each. `cargo xtask` alone lists them.

mod bench;
mod build;
mod check;
mod dev;
mod e2e;
mod front;
mod optimise;
mod postgres;
mod run;
mod server;
mod shell;
mod styles;
mod system_packages;
mod test;
mod test_tools;
mod wasm_toolchain;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask <verb>

  run [--release] [-- ARGS]  install what is missing, build everything, start `visage demo ARGS`
  build                      build what is run for real, and print where it lies: target/release/visage
  dev [-- ARGS]              the same as `run`, built again and restarted when a file changes
  check                      formatting, lints, licences, classes without a style
  test                       everything that a change must pass, browser journeys included
  e2e [FILTER]               only the journeys through the built binary
  bench [--seconds N] [FILTER]  speed, as ratios to a bare server in the same run
  bench kill [--rounds N]    whether every acknowledged call is counted after SIGKILL under load
  front [--release]          build the wasm bundle into target/site/pkg
  styles [--check]           build the style sheet into target/site/pkg, or look for classes without a style
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((verb, rest)) = arguments.split_first() else {
        print!("{USAGE}");
        return Ok(());
    };
    // What follows `--` is meant for the program that the verb starts.
    let end = rest.iter().position(|argument| argument == "--").unwrap_or(rest.len());
    let own: Vec<&str> = rest[..end].iter().map(String::as_str).collect();
    let passed_on = rest.get(end + 1..).unwrap_or_default();
    match (verb.as_str(), own.as_slice()) {
        ("run", []) => run::run(front::Profile::Development, passed_on),
        ("run", ["--release"]) => run::run(front::Profile::Release, passed_on),
        ("build", []) => build::release(),
        ("dev", []) => dev::dev(passed_on),
        ("check", []) => check::check(),
        ("test", []) => test::test(),
        ("e2e", filter @ ([] | [_])) => e2e::e2e(filter.first().copied()),
        ("bench", arguments) => bench::bench(arguments),
        ("front", []) => front::build(front::Profile::Development),
        ("front", ["--release"]) => front::build(front::Profile::Release),
        ("styles", []) => styles::build(),
        ("styles", ["--check"]) => styles::check(),
        ("help" | "--help" | "-h", _) => {
            print!("{USAGE}");
            Ok(())
        }
        _ => bail!("`cargo xtask {}` is not understood.\n\n{USAGE}", arguments.join(" ")),
    }
}
