//! A smaller bundle, where binaryen is installed. The page works as well without.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use walrus::{ExportItem, Module, RefType};

use crate::shell;

/// What browsers have had for years and the compiler makes use of.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The table through which wasm and JavaScript hand each other objects.
const OBJECTS: &str = "__wbindgen_externrefs";

/// Rewrites the file, about an eighth smaller.
pub fn optimise(wasm: &Path) -> Result<()> {
    if shell::find("wasm-opt").is_none() {
        eprintln!("   wasm-opt is not installed (apt and brew: binaryen): the bundle stays an eighth larger");
        return Ok(());
    }
    let smaller = wasm.with_extension("smaller");
    shell::run(shell::command("wasm-opt").arg("-Oz").args(FEATURES).arg(wasm).arg("-o").arg(&smaller))?;
    let repaired = with_exported_objects(&fs::read(&smaller)?)?;
    fs::write(wasm, repaired)?;
    fs::remove_file(smaller)?;
    Ok(())
}

/// Binaryen 108, which Debian 12 has, exports the first table whichever was meant, and the page's first call into the
/// module fails. Points the export at the table of objects again.
fn with_exported_objects(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::from_buffer(bytes).context("wasm-opt wrote something that is no wasm")?;
    let objects = module.tables.iter().find(|table| table.element_ty == RefType::EXTERNREF).map(|table| table.id());
    let export = module.exports.iter_mut().find(|export| export.name == OBJECTS);
    if let (Some(objects), Some(export)) = (objects, export) {
        export.item = ExportItem::Table(objects);
    }
    Ok(module.emit_wasm())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_objects_is_exported_though_another_was() {
        let mut module = Module::default();
        let functions = module.tables.add_local(false, 1, None, RefType::FUNCREF);
        let objects = module.tables.add_local(false, 1, None, RefType::EXTERNREF);
        assert_ne!(functions, objects);
        module.exports.add(OBJECTS, functions);

        let repaired = Module::from_buffer(&with_exported_objects(&module.emit_wasm()).unwrap()).unwrap();

        let export = repaired.exports.iter().find(|export| export.name == OBJECTS).unwrap();
        let ExportItem::Table(table) = export.item else { panic!("{export:?}") };
        assert_eq!(repaired.tables.get(table).element_ty, RefType::EXTERNREF);
    }
}
