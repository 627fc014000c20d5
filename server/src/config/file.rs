//! `visage.toml`, read and flattened to dotted keys.

use super::{ConfigError, DEFAULT_FILE};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};
use toml::Value;

/// The values of a file by their dotted keys: `lifetimes.access_token`.
#[derive(Debug, Default)]
pub struct ConfigFile {
    pub path: PathBuf,
    pub values: BTreeMap<String, Value>,
}

/// Reads the named file, which must be there, or else the one in the working directory, which may be.
pub fn read(named: Option<&Path>) -> Result<ConfigFile, ConfigError> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    match fs::read_to_string(path) {
        Ok(text) => parse(path, &text),
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => Ok(ConfigFile::default()),
        Err(error) => {
            Err(ConfigError::new(vec![format!("{} can't be read ({error}): check the path", path.display())]))
        }
    }
}

pub fn parse(path: &Path, text: &str) -> Result<ConfigFile, ConfigError> {
    let table = text.parse::<toml::Table>().map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let message = error.message().lines().next().unwrap_or_default();
        ConfigError::new(vec![format!("{} is no valid TOML at line {line}: {message}", path.display())])
    })?;
    let mut values = BTreeMap::new();
    flatten("", table, &mut values);
    Ok(ConfigFile { path: path.to_owned(), values })
}

fn flatten(prefix: &str, table: toml::Table, values: &mut BTreeMap<String, Value>) {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            Value::Table(inner) => flatten(&format!("{key}."), inner, values),
            other => {
                values.insert(key, other);
            }
        }
    }
}
