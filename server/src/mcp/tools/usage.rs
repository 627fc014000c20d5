//! What a call cost and what is left, in every result, so that a model can pace itself.

use domain::quota::{Balance, Meter, QuotaExceeded, Units};
use serde_json::{Value, json};

/// `usage` as results carry it.
pub fn structured(balance: &Balance, cost: Units) -> Value {
    let meter = |meter| json!({"used": balance.used.of(meter), "limit": balance.plan.limits.of(meter)});
    json!({
        "avatar_requests": meter(Meter::AvatarRequests),
        "avatar_new_profiles": meter(Meter::AvatarNewProfiles),
        "cost": {"avatar_requests": cost.avatar_requests, "avatar_new_profiles": cost.avatar_new_profiles},
        "resets_at": balance.cycle.resets_at.to_rfc3339(),
    })
}

/// `usage` as output schemas have it.
pub fn schema() -> Value {
    let count = |description: &str| json!({"type": "integer", "minimum": 0, "description": description});
    let meter = |description: &str| {
        json!({
            "type": "object",
            "description": description,
            "properties": {"used": count("Used this month, this call included."), "limit": count("Allowed a month.")},
            "required": ["used", "limit"],
            "additionalProperties": false
        })
    };
    json!({
        "type": "object",
        "description": "The workspace's monthly quota after this call.",
        "properties": {
            "avatar_requests": meter("Metered calls."),
            "avatar_new_profiles": meter("People whom this workspace never looked up before."),
            "cost": {
                "type": "object",
                "description": "What this call took.",
                "properties": {
                    "avatar_requests": count("Metered calls."),
                    "avatar_new_profiles": count("New people.")
                },
                "required": ["avatar_requests", "avatar_new_profiles"],
                "additionalProperties": false
            },
            "resets_at": {"type": "string", "description": "When the month ends, RFC 3339, UTC."}
        },
        "required": ["avatar_requests", "avatar_new_profiles", "cost", "resets_at"],
        "additionalProperties": false
    })
}

pub fn of_metered_call(is_new: bool) -> Units {
    Units { avatar_requests: 1, avatar_new_profiles: u64::from(is_new) }
}

/// The same in one line of text.
pub fn line(balance: &Balance, cost: Units) -> String {
    let this_call = match (cost.avatar_requests, cost.avatar_new_profiles) {
        (0, _) => "nothing",
        (_, 0) => "1 request",
        _ => "1 request and 1 new profile",
    };
    format!(
        "Quota: {} of {} avatar requests and {} of {} new profiles used this month; resets {}. This call cost {this_call}.",
        grouped(balance.used.avatar_requests),
        grouped(balance.plan.limits.avatar_requests),
        grouped(balance.used.avatar_new_profiles),
        grouped(balance.plan.limits.avatar_new_profiles),
        date(balance.cycle.resets_at),
    )
}

pub fn exceeded(exceeded: &QuotaExceeded) -> String {
    let what = match exceeded.meter {
        Meter::AvatarRequests => "avatar requests",
        Meter::AvatarNewProfiles => "new profiles",
    };
    let still = match exceeded.meter {
        Meter::AvatarRequests => "",
        Meter::AvatarNewProfiles => " People who were looked up before still can be.",
    };
    format!(
        "{exceeded}: all {} {what} of this month are used. The quota resets on {} (UTC).{still} The connection stays valid \
         and nothing extra is charged: wait for the reset, or ask whoever runs this Visage server for a larger plan.",
        grouped(exceeded.limit),
        date(exceeded.resets_at),
    )
}

fn date(time: domain::clock::Timestamp) -> String {
    time.to_rfc3339().chars().take(10).collect()
}

/// `12345` → `12,345`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Timestamp;

    #[test]
    fn a_spent_quota_is_named_with_its_reset() {
        let text = exceeded(&QuotaExceeded {
            meter: Meter::AvatarRequests,
            limit: 1_000,
            resets_at: Timestamp::from_millis(1_796_083_200_000),
        });
        assert!(text.starts_with("quota exceeded for this workspace: all 1,000 avatar requests"), "{text}");
        assert!(text.contains("resets on 2026-12-01"), "{text}");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
