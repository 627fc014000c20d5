//! Initials art over every hostile and awkward name that is known to have broken something somewhere.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../testkit/src/corpus.rs"]
mod corpus;

use avatar::{initials_png, initials_svg};
use unicode_segmentation::UnicodeSegmentation as _;

#[test]
fn every_hostile_name_gives_a_well_formed_picture_of_expected_elements_only() {
    for name in hostile_names() {
        let svg = initials_svg(&name, "seed", 128);
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        for element in document.descendants().filter(roxmltree::Node::is_element) {
            let allowed: &[&str] = match element.tag_name().name() {
                "svg" => &["width", "height", "viewBox", "role", "aria-label"],
                "path" => &["fill", "d"],
                "text" => &["x", "y", "fill", "font-family", "font-size", "font-weight", "text-anchor"],
                other => panic!("{name:?} gives <{other}>"),
            };
            assert!(element.attributes().all(|attribute| allowed.contains(&attribute.name())), "{name:?}: {svg}");
        }
        assert_eq!(document.descendants().filter(roxmltree::Node::is_element).count(), 3, "{name:?}");
    }
}

#[test]
fn no_name_shows_more_than_two_letters_or_anything_invisible() {
    for name in hostile_names() {
        let svg = initials_svg(&name, "seed", 128);
        let text = shown_text(&svg);
        assert!(text.graphemes(true).count() <= 2, "{name:?} shows {text:?}");
        let is_plain =
            |character: char| character.is_alphanumeric() || unicode_normalization::char::is_combining_mark(character);
        assert!(text.chars().all(is_plain), "{name:?} shows {text:?}");
        assert!(svg.len() <= 320, "{name:?} takes {} bytes", svg.len());
    }
}

#[test]
fn equal_input_gives_equal_bytes() {
    for name in hostile_names() {
        assert_eq!(initials_svg(&name, "seed", 64), initials_svg(&name, "seed", 64));
        assert_eq!(initials_png(&name, "seed", 32), initials_png(&name, "seed", 32));
    }
}

#[test]
fn names_without_letters_show_a_person() {
    for name in ["", "😀", "\u{3164}", "- -", "@ #"] {
        let svg = initials_svg(name, "seed", 128);
        assert!(svg.contains(r#"aria-label="Person""#) && !svg.contains("<text"), "{svg}");
    }
}

#[test]
fn the_seed_and_not_the_name_picks_the_colour() {
    let ground = |svg: &str| svg.split("fill=\"").nth(1).unwrap()[..7].to_owned();
    assert_eq!(ground(&initials_svg("Ada", "one", 64)), ground(&initials_svg("Grace", "one", 64)));
}

#[test]
fn the_png_shows_the_colours_of_the_svg() {
    let svg = initials_svg("Ada Lovelace", "ada", 256);
    let picture = image::load_from_memory(&initials_png("Ada Lovelace", "ada", 256).unwrap()).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (256, 256));
    let [red, green, blue] = picture.get_pixel(2, 2).0;
    assert!(svg.contains(&format!("#{red:02x}{green:02x}{blue:02x}")));
    assert!(picture.pixels().any(|pixel| pixel.0 == [0xfb, 0xfa, 0xf8]), "letters are drawn");
}

#[test]
fn scripts_outside_of_the_font_show_the_person_in_png() {
    let person = initials_png("", "seed", 64).unwrap();
    assert_eq!(initials_png("한국어", "seed", 64).unwrap(), person);
    assert_eq!(initials_png("Ada 한국어", "seed", 64).unwrap(), person);
    for name in ["Ada", "Ψυχή", "Жанна", "Ősz", "Ữ"] {
        assert_ne!(initials_png(name, "seed", 64).unwrap(), person, "{name}");
    }
}

#[test]
fn extreme_sizes_are_served_within_bounds() {
    assert!(initials_svg("A", "a", 0).contains(r#"width="1""#));
    for (asked, given) in [(0, 1), (u16::MAX, 2048)] {
        let picture = image::load_from_memory(&initials_png("A", "a", asked).unwrap()).unwrap();
        assert_eq!(picture.width(), given);
    }
}

/// What a reader sees: the text of the picture, without markup.
fn shown_text(svg: &str) -> String {
    let document = roxmltree::Document::parse(svg).unwrap();
    document.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect()
}

fn hostile_names() -> Vec<String> {
    let names: Vec<String> = corpus::rows(include_str!("hostile_names.txt")).map(|(_, name, _)| name).collect();
    assert!(names.len() > 100, "the corpus is there");
    names
}
