//! How fast and how exact the release build is, measured against a bare server by the crate `bench`.

use anyhow::Result;

use crate::{
    front::Profile,
    server,
    shell::{self, announce},
    styles,
};

/// Somebody's face, for the directory that is asked.
const PHOTO: &str = "end2end/fixtures/photos/astronaut.png";
const REPORT: &str = "target/bench.md";

/// Builds what is measured and what measures, and starts it: `[--seconds N] [--samples N] [FILTER]`, or `kill [--rounds N]`.
pub fn bench(arguments: &[&str]) -> Result<()> {
    announce("the release build");
    styles::build()?;
    let binary = server::binary(Profile::Release);
    // In one go: the same dependencies, with the same features as in the server, are built once.
    let packages = ["--package", "server", "--bin", "visage", "--package", "bench", "--bin", "bench", "--bin", "bare"];
    shell::run(shell::cargo().args(["build", "--release"]).args(packages))?;
    announce("the measurement");
    let is_kill = arguments.first() == Some(&"kill");
    let mut bench = shell::command(binary.with_file_name(if cfg!(windows) { "bench.exe" } else { "bench" }));
    bench.args(arguments).arg("--visage").arg(binary).args(["--photo", PHOTO]);
    if !is_kill {
        bench.args(["--report", REPORT]);
    }
    shell::run(&mut bench)
}
