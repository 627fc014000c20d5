//! The style sheet: what is written by hand in `style/`, and after it the utilities that the pages mention.
//!
//! Each part is a cascade layer, so that a utility beats a component whatever their selectors are.

mod check;
mod handwritten;
mod literals;
mod minify;
mod utilities;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{front::PACKAGE_DIR, shell};
use handwritten::Handwritten;

pub use check::check;

/// Where classes are mentioned.
const SOURCES: &str = "app/src";

/// Writes the style sheet, and lays the files of `public/` beside it.
pub fn build() -> Result<()> {
    let handwritten = Handwritten::read(&shell::at("style"))?;
    let utilities = utilities::generate(&sources()?, &handwritten);

    let mut sheet = String::from("@layer tokens, base, components, utilities;\n");
    for part in handwritten.parts() {
        sheet += &format!("@layer {} {{\n{}\n}}\n", part.layer, part.css);
    }
    sheet += &format!("@layer utilities {{\n{utilities}\n}}\n");

    let file = shell::at(PACKAGE_DIR).join("visage.css");
    let sheet = minify::minify(&sheet);
    if write_if_changed(&file, sheet.as_bytes())? {
        eprintln!("   visage.css {} kB", sheet.len() / 1000);
    }
    copy_folder(&shell::at("public"), &shell::at("target/site"))
}

/// A source file and what is in it.
struct Source {
    /// Relative to the root, for messages.
    path: PathBuf,
    text: String,
}

fn sources() -> Result<Vec<Source>> {
    files_below(&shell::at(SOURCES))?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            Ok(Source { path: path.strip_prefix(shell::root())?.to_owned(), text })
        })
        .collect()
}

/// All files in a folder and the folders in it, sorted; none where there is no folder.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from)? {
        write_if_changed(&to.join(file.strip_prefix(from)?), &fs::read(&file)?)?;
    }
    Ok(())
}

/// Leaves an unchanged file its time, so that nothing that watches it builds again. Tells whether it wrote.
fn write_if_changed(file: &Path, content: &[u8]) -> Result<bool> {
    if fs::read(file).is_ok_and(|present| present == content) {
        return Ok(false);
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(true)
}
