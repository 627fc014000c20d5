//! In which language a path answers: to machines in JSON of one shape or another, to people with a page.

/// The four dialects of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `/v1`, `/cdn`, health: problem details (RFC 9457).
    Problem,
    /// The OAuth endpoints and every metadata document: `error`, `error_description` (RFC 6749, section 5.2).
    OAuth,
    /// `/mcp`: a JSON-RPC error.
    Mcp,
    /// Pages and their server functions.
    Page,
}

impl Dialect {
    pub fn of(path: &str) -> Self {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        match first {
            "v1" | "cdn" | "healthz" | "readyz" | "metrics" => Self::Problem,
            ".well-known" | "token" | "register" | "revoke" | "introspect" | "userinfo" | "jwks" => Self::OAuth,
            "mcp" => Self::Mcp,
            _ => Self::Page,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dialect;

    #[test]
    fn machines_and_people_are_told_apart_by_the_first_segment() {
        assert_eq!(Dialect::of("/v1/avatar"), Dialect::Problem);
        assert_eq!(Dialect::of("/.well-known/nothing/here"), Dialect::OAuth);
        assert_eq!(Dialect::of("/mcp/analytical-engines"), Dialect::Mcp);
        assert_eq!(Dialect::of("/authorize"), Dialect::Page);
        assert_eq!(Dialect::of("/v10"), Dialect::Page);
        assert_eq!(Dialect::of("/"), Dialect::Page);
    }
}
