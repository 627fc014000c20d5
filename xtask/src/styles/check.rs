//! The generator says nothing about a class that it doesn't know, and the page just looks wrong. So it is said here.

use anyhow::{Result, bail};

use super::{
    Source,
    handwritten::Handwritten,
    literals::literals,
    sources,
    utilities::{config, style_of},
};
use crate::shell;

/// Fails with a list of the classes that are used and have no style.
pub fn check() -> Result<()> {
    let handwritten = Handwritten::read(&shell::at("style"))?;
    let faults = faults(&sources()?, &handwritten);
    if faults.is_empty() {
        return Ok(());
    }
    bail!("some classes have no style; write it in style/ or spell them as Tailwind does:\n{}", faults.join("\n"))
}

fn faults(sources: &[Source], handwritten: &Handwritten) -> Vec<String> {
    let config = config(handwritten);
    let mut faults = Vec::new();
    for source in sources {
        for literal in literals(&source.text).iter().filter(|literal| literal.holds_classes) {
            for class in literal.text.split_whitespace() {
                let fault = if class.contains(['{', '}']) {
                    // A hole that is a class of its own is checked where its value is written.
                    (!is_hole(class)).then_some("is put together while running; write whole class names")
                } else if is_marker(class) || handwritten.defines(class) || !style_of(class, &config).is_empty() {
                    None
                } else {
                    Some("has no style")
                };
                if let Some(fault) = fault {
                    faults.push(format!("  {}:{}: `{class}` {fault}", source.path.display(), literal.line));
                }
            }
        }
    }
    faults
}

/// `{}` or `{extra}`
fn is_hole(class: &str) -> bool {
    class.starts_with('{') && class.ends_with('}') && class.matches('{').count() == 1
}

/// Names that other utilities refer to, and that have no style of their own.
fn is_marker(class: &str) -> bool {
    matches!(class.split('/').next(), Some("group" | "peer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_in(text: &str) -> Vec<String> {
        let folder = std::env::temp_dir().join("visage-no-such-folder");
        let nothing = Handwritten::read(&folder).unwrap();
        faults(&[Source { path: "page.rs".into(), text: text.to_owned() }], &nothing)
    }

    #[test]
    fn a_utility_has_a_style() {
        assert_eq!(
            faults_in(r#"<a class="flex gap-2 hover:underline md:grid-cols-2 w-[12rem] group {extra}">"#),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_class_without_a_style_is_named_with_its_place() {
        assert_eq!(faults_in("\n<a class=\"flex flox\">"), ["  page.rs:2: `flox` has no style"]);
    }

    #[test]
    fn a_class_that_is_put_together_is_refused() {
        assert_eq!(faults_in(r#"<a class=format!("text-{tone}")>"#).len(), 1);
    }
}
