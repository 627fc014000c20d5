//! The resources, of which one is a template.

use super::content::{blob, complete};
use rmcp::{
    ErrorData,
    model::{ListResourceTemplatesResult, ListResourcesResult, ReadResourceResult},
};
use serde_json::json;

pub fn list() -> Result<ListResourcesResult, ErrorData> {
    complete(json!({"resources": [
        {"uri": "test://static-text", "name": "static-text", "description": "A text", "mimeType": "text/plain"},
        {"uri": "test://static-binary", "name": "static-binary", "description": "An image", "mimeType": "image/png"},
        {"uri": "test://watched-resource", "name": "watched-resource", "description": "Worth watching", "mimeType": "text/plain"},
    ]}))
}

pub fn templates() -> Result<ListResourceTemplatesResult, ErrorData> {
    complete(json!({"resourceTemplates": [{
        "uriTemplate": "test://template/{id}/data",
        "name": "template",
        "description": "Something with an id",
        "mimeType": "application/json",
    }]}))
}

pub fn read(uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let contents = match uri {
        "test://static-text" => {
            json!({"uri": uri, "mimeType": "text/plain", "text": "This is the content of the static text resource."})
        }
        "test://static-binary" => blob(uri),
        "test://watched-resource" => json!({"uri": uri, "mimeType": "text/plain", "text": "Nothing has changed."}),
        _ => {
            let id = uri.strip_prefix("test://template/").and_then(|rest| rest.strip_suffix("/data"));
            let Some(id) = id.filter(|id| !id.is_empty() && !id.contains('/')) else {
                return Err(ErrorData::resource_not_found("there is no such resource", Some(json!({"uri": uri}))));
            };
            let text = json!({"id": id, "templateTest": true, "data": format!("Data for ID: {id}")}).to_string();
            json!({"uri": uri, "mimeType": "application/json", "text": text})
        }
    };
    complete(json!({"contents": [contents]}))
}
