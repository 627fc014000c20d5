//! Which literals hold classes.

use super::*;

fn classes(source: &str) -> Vec<String> {
    literals(source).into_iter().filter(|literal| literal.holds_classes).map(|literal| literal.text).collect()
}

#[test]
fn an_attribute_holds_classes_and_its_neighbours_do_not() {
    assert_eq!(classes(r#"<a class="card quiet" href="/somewhere" id="x">"Text"</a>"#), ["card quiet"]);
    assert_eq!(classes(r#"<a href="/x" class="card"/><b id="y"/>"#), ["card"]);
    assert_eq!(classes(r#"<p class="card">{format!("{} people", 3)}</p>"#), ["card"]);
    assert_eq!(classes(r#"<Card title="People" body_class="wide" />"#), ["wide"]);
}

#[test]
fn every_branch_of_a_condition_holds_classes() {
    let source = r#"<a class=move || if plan == "free" { "plain" } else { "proud" } href="/plan">"#;
    assert_eq!(classes(source), ["plain", "proud"]);
    let source = r#"<a class={match tone { "x" => "calm", _ => "loud" }} title="Tone">"#;
    assert_eq!(classes(source), ["calm", "loud"]);
    assert_eq!(classes(r#"<a class=format!("card {extra}") title="Tone">"#), ["card {extra}"]);
    assert_eq!(classes(r#"<a class=("active", move || here == "home") title="Tone">"#), ["active"]);
    assert_eq!(classes(r#"<a class:is-open=move || here.get() == "home" title="Tone">"#), ["is-open"]);
    assert_eq!(classes(r#"<a class=tone title="Tone">"#), Vec::<String>::new());
}

#[test]
fn constants_bindings_and_functions_hold_classes_by_their_name() {
    assert_eq!(classes(r#"const CARD_CLASS: &str = "card"; const TITLE: &str = "Card";"#), ["card"]);
    assert_eq!(
        classes(r#"let class = if width > 3 { "wide" } else { "narrow" }; let title = "Card";"#),
        ["wide", "narrow"]
    );
    let source =
        r#"fn class(self) -> &'static str { match self { Self::A => "calm", Self::B => "loud" } } fn name() { "x" }"#;
    assert_eq!(classes(source), ["calm", "loud"]);
    assert_eq!(
        classes(r#"fn button(#[prop(optional)] class: &'static str, label: &str) { say("label") }"#),
        Vec::<String>::new()
    );
}

#[test]
fn comments_characters_and_lifetimes_are_no_literals() {
    assert_eq!(
        classes("// class=\"no\"\n/* class=\"no\" */ let quote = '\"'; fn f<'a>() {} <i class=\"yes\">"),
        ["yes"]
    );
    assert_eq!(literals("\n\n<i class=r#\"a \"b\" c\"#>")[0].line, 3);
}
