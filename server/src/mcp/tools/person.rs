//! Which person a call is about: exactly one of `linkedin_url` and `username`.

use super::ToolError;
use domain::linkedin_url::VanityName;
use rmcp::model::JsonObject;
use serde_json::{Value, json};

/// The two properties as a tool's input schema has them.
pub fn properties() -> Value {
    json!({
        "linkedin_url": {
            "type": "string",
            "description": "The address of a LinkedIn profile, such as https://www.linkedin.com/in/ada-lovelace. Give exactly one of linkedin_url and username."
        },
        "username": {
            "type": "string",
            "description": "The name at the end of a profile's address, such as ada-lovelace. Give exactly one of linkedin_url and username."
        }
    })
}

/// Reads the person; arguments that the tool does not know are a fault, since they were meant to do something.
pub fn named_in(arguments: &JsonObject, others: &[&str]) -> Result<VanityName, ToolError> {
    let known = |name: &str| name == "linkedin_url" || name == "username" || others.contains(&name);
    if let Some(unknown) = arguments.keys().find(|name| !known(name)) {
        let unknown: String = domain::text::one_line(unknown, 40);
        let takes = ["linkedin_url", "username"].iter().chain(others).copied().collect::<Vec<_>>().join(", ");
        return Err(ToolError::Input(format!("This tool has no argument \"{unknown}\"; it takes {takes}.")));
    }
    let refuse = |error: domain::linkedin_url::LinkedinUrlError| ToolError::Input(sentence(&error.to_string()));
    match (text(arguments, "linkedin_url")?, text(arguments, "username")?) {
        (Some(url), None) => VanityName::parse_url(url).map_err(refuse),
        (None, Some(name)) => VanityName::parse_username(name).map_err(refuse),
        (None, None) => Err(ToolError::Input(
            "Say who: give linkedin_url (https://www.linkedin.com/in/ada-lovelace) or username (ada-lovelace)."
                .to_owned(),
        )),
        (Some(_), Some(_)) => {
            Err(ToolError::Input("Give exactly one of linkedin_url and username, not both.".to_owned()))
        }
    }
}

/// An absent, null or blank argument was left out: models fill in forms.
fn text<'a>(arguments: &'a JsonObject, name: &str) -> Result<Option<&'a str>, ToolError> {
    match arguments.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        Some(_) => Err(ToolError::Input(format!("{name} must be a text."))),
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: Value) -> Result<String, String> {
        match named_in(&rmcp::model::object(arguments), &["size"]) {
            Ok(name) => Ok(name.to_string()),
            Err(ToolError::Input(how_to_fix)) => Err(how_to_fix),
            Err(_) => Err(String::new()),
        }
    }

    #[test]
    fn one_of_the_two_names_a_person() {
        for arguments in [
            json!({"linkedin_url": "https://www.linkedin.com/in/ada-lovelace/"}),
            json!({"username": "ada-lovelace", "size": 64}),
            json!({"username": "Ada-Lovelace", "linkedin_url": ""}),
            json!({"username": null, "linkedin_url": "linkedin.com/in/ada-lovelace"}),
        ] {
            assert_eq!(read(arguments.clone()), Ok("ada-lovelace".to_owned()), "{arguments}");
        }
    }

    #[test]
    fn anything_else_says_how_to_mend_it() {
        for (arguments, words) in [
            (json!({}), "Say who"),
            (
                json!({"username": "ada-lovelace", "linkedin_url": "https://linkedin.com/in/ada-lovelace"}),
                "exactly one",
            ),
            (json!({"linkedin_url": "https://lnkd.in/abc"}), "short link"),
            (json!({"username": 7}), "must be a text"),
            (json!({"name": "Ada"}), "no argument \"name\""),
        ] {
            assert!(read(arguments.clone()).is_err_and(|text| text.contains(words)), "{arguments}");
        }
    }
}
