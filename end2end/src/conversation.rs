//! A program that speaks JSON, one message a line: in on its stdin, out on its stdout. Whatever it says besides, on its stderr,
//! is kept for messages.

use std::{
    io::{BufRead, BufReader, Write},
    process::{ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::{
    patience::wait_for,
    programs::{Companion, Lines, find},
    setup,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running program. It ends with the value.
#[derive(Debug)]
pub struct Conversation {
    process: Companion,
    stdin: ChildStdin,
    answers: Receiver<String>,
    aside: Lines,
}

impl Conversation {
    /// Starts a script of a folder of `clients`, once what its lock file names is there.
    pub fn script(folder: &str, file: &str, arguments: &[&str]) -> Result<Self> {
        Self::start(Self::script_command(folder, file, arguments)?)
    }

    /// The same, not yet started.
    pub fn script_command(folder: &str, file: &str, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(find(&["node"])?);
        command.arg(setup::npm(folder)?.join(file)).args(arguments).env("DO_NOT_TRACK", "1");
        Ok(command)
    }

    pub fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{command:?} could not be started"))?;
        let stdin = child.stdin.take().context("the program has no stdin")?;
        let stdout = child.stdout.take().context("the program has no stdout")?;
        let aside = Lines::default();
        if let Some(source) = child.stderr.take() {
            drop(aside.collect(source));
        }
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { process: Companion(child), stdin, answers, aside })
    }

    pub fn say(&mut self, message: &Value) -> Result<()> {
        writeln!(self.stdin, "{message}")
            .and_then(|()| self.stdin.flush())
            .with_context(|| format!("the program has ended: {}", self.aside.text()))
    }

    /// The next message.
    pub fn hear(&mut self) -> Result<Value> {
        let Ok(line) = self.answers.recv_timeout(PATIENCE) else {
            let end = self.process.0.try_wait()?;
            bail!("the program said nothing (ended: {end:?}):\n{}", self.aside.text());
        };
        serde_json::from_str(&line).with_context(|| format!("not JSON: {line}"))
    }

    /// The next message, which must be the `event` that a script of `clients` was to answer with.
    pub fn hear_event(&mut self, event: &str) -> Result<Value> {
        let answer = self.hear().with_context(|| format!("instead of {event:?}"))?;
        ensure!(
            answer["event"] == event,
            "the program was to say {event:?}, and said {answer:#}\n{}",
            self.aside.text()
        );
        Ok(answer)
    }

    /// What `pick` finds in a line of stderr, once it is there.
    pub fn find_aside<T>(&mut self, what: &str, pick: impl Fn(&str) -> Option<T>) -> Result<T> {
        let process = &mut self.process.0;
        let aside = &self.aside;
        wait_for(PATIENCE, what, || match aside.find(&pick) {
            Some(found) => Ok(Some(found)),
            None => match process.try_wait()? {
                Some(end) => bail!("the program ended ({end})"),
                None => Ok(None),
            },
        })
        .with_context(|| aside.text())
    }

    /// All of stderr so far.
    pub fn aside(&self) -> String {
        self.aside.text()
    }
}
