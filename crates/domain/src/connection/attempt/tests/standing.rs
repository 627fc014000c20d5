//! What heads an attempt.

use super::*;

#[test]
fn silence_is_told_by_the_step_that_did_not_come() {
    let road = whole_road(0, 1, 1);
    for (walked, patience, silence) in [
        (2, 600, Mismatch::NeverWentOn),
        (3, 600, Mismatch::NeverAsked),
        (4, 600, Mismatch::NeverAnswered),
        (5, 90, Mismatch::NeverCameBack),
    ] {
        let attempts = attempts(road[..walked].to_vec());
        assert_eq!(attempts.len(), 1, "{walked} steps");
        let last = attempts[0].last_at();
        assert_eq!(attempts[0].state(&known(last.plus(Duration::from_secs(patience)))), State::UnderWay);
        assert_eq!(attempts[0].state(&known(last.plus(Duration::from_secs(patience + 1)))), State::Failed(silence));
    }
    let with_token = attempts(road[..6].to_vec());
    assert_eq!(with_token[0].state(&known(at(60))), State::Connected);
    assert_eq!(with_token[0].state(&known(at(1_000))), State::Failed(Mismatch::NeverCalled));
}

#[test]
fn a_fault_that_was_overcome_does_not_stand_in_the_way() {
    let mut road = whole_road(0, 1, 1);
    road.push(seen(10, Step::Consent, |event| {
        event.request = request(1);
        event.outcome = Outcome::Failed(Mismatch::NoWorkspace);
    }));
    assert_eq!(attempts(road)[0].state(&known(at(60))), State::Connected);
}

#[test]
fn whoever_calls_has_got_over_what_went_wrong_before() {
    let called = |seconds: i64| Some(at(seconds));
    let astray = || Mismatch::wrong_address("https://visage.example/", "https://visage.example/mcp");
    for (mismatch, called_at, expected) in [
        (Mismatch::RefreshExpired, called(5_001), State::Connected),
        (Mismatch::RefreshExpired, called(5_000), State::Failed(Mismatch::RefreshExpired)),
        (Mismatch::RefreshExpired, None, State::Failed(Mismatch::RefreshExpired)),
        // Another of its servers had the new token already.
        (Mismatch::TokenExpired, called(4_950), State::Connected),
        (Mismatch::TokenExpired, called(4_000), State::Failed(Mismatch::TokenExpired)),
        // A call within the same minute got through, and may have been the later one.
        (astray(), called(4_950), State::Connected),
        (astray(), called(4_940), State::Failed(astray())),
    ] {
        let mut road = whole_road(0, 1, 1);
        road.push(seen(5_000, Step::FirstCall, |event| {
            event.grant = grant(1);
            event.outcome = Outcome::Failed(mismatch.clone());
        }));
        assert_eq!(
            attempts(road)[0].state(&Known { called_at, ..known(at(9_000)) }),
            expected,
            "{mismatch:?} {called_at:?}"
        );
    }
    // The note of the first call was left out; the call was not.
    let without_call = attempts(whole_road(0, 1, 1)[..6].to_vec());
    assert_eq!(without_call[0].state(&Known { called_at: called(23), ..known(at(9_000)) }), State::Connected);
}

#[test]
fn a_request_is_closed_once_its_time_is_over_however_often_it_was_looked_at() {
    let road = whole_road(0, 1, 1);
    let mut events = road[..4].to_vec();
    // The person opened the consent screen once more in the last minute.
    events[3].last_at = at(580);
    for (now, expected) in [(604, State::UnderWay), (605, State::Failed(Mismatch::NeverAnswered))] {
        assert_eq!(states(events.clone(), now), [expected], "{now}");
    }
    assert_eq!(Mismatch::NeverAnswered.title(), "The request was closed");
    let quick = Known { to_answer: Duration::from_secs(60), ..known(at(70)) };
    assert_eq!(attempts(events)[0].state(&quick), State::Failed(Mismatch::NeverAnswered));
}

#[test]
fn the_first_fault_heads_what_followed_from_it() {
    let of_grant = |event: &mut ConnectionEvent| (event.client, event.grant) = (client("claude"), grant(1));
    let authorized = whole_road(0, 1, 1)[..5].to_vec();
    for cause in [
        Mismatch::Verifier,
        Mismatch::CodeExpired,
        Mismatch::callback_url_changed("https://b.example", "https://a.example"),
        Mismatch::wrong_resource("https://b.example/mcp", "https://a.example/mcp"),
    ] {
        let mut events = authorized.clone();
        events.push(fault(30, Step::Token, &cause, of_grant));
        events.push(fault(32, Step::Token, &Mismatch::CodeSpent, of_grant));
        assert_eq!(states(events, 40), [State::Failed(cause)]);
    }
    let connected = whole_road(0, 1, 1);
    for cause in [Mismatch::CodeSpent, Mismatch::RefreshReplayed] {
        let mut events = connected.clone();
        events.push(fault(30, Step::Token, &cause, of_grant));
        events.push(fault(32, Step::FirstCall, &Mismatch::Revoked, of_grant));
        assert_eq!(states(events, 40), [State::Failed(cause)]);
    }
    let mut events = connected;
    events.push(fault(30, Step::FirstCall, &Mismatch::Revoked, of_grant));
    assert_eq!(states(events, 40), [State::Failed(Mismatch::Revoked)]);
}

#[test]
fn a_silent_check_is_no_failure() {
    let silent = fault(0, Step::Authorize, &Mismatch::silent_check("login_required"), |event| {
        event.client = client("claude");
    });
    assert_eq!(states(vec![silent.clone()], 10_000), [State::SilentCheck]);
    let mut events = whole_road(5, 1, 1);
    events.push(silent);
    assert_eq!(states(events, 60), [State::Connected, State::SilentCheck]);
}

#[test]
fn a_refusal_is_told_by_where_the_app_stands_now() {
    use Mismatch::{ApprovalNeeded, BlockedClient};
    let claude = |event: &mut ConnectionEvent| event.client = client("claude");
    for refusal in [BlockedClient, ApprovalNeeded] {
        let refused = attempts(vec![seen(0, Step::Registration, claude), fault(5, Step::Authorize, &refusal, claude)]);
        for (standing, expected) in [
            (None, State::Failed(refusal.clone())),
            (Some(Standing::Allowed), State::LetIn),
            (Some(Standing::Asked), State::Failed(ApprovalNeeded)),
            (Some(Standing::Blocked), State::Failed(BlockedClient)),
        ] {
            let known = Known { standing, ..known(at(10_000)) };
            assert_eq!(refused[0].state(&known), expected, "{refusal:?}, {standing:?}");
        }
    }
    let mut events = whole_road(0, 1, 1);
    events.push(fault(5_000, Step::FirstCall, &BlockedClient, |event| event.grant = grant(1)));
    let connection = attempts(events);
    for (standing, expected) in [
        (Standing::Allowed, State::Connected),
        // What was granted earlier goes on.
        (Standing::Asked, State::Connected),
        (Standing::Blocked, State::Failed(BlockedClient)),
    ] {
        // The last call that is written down was made before the block.
        let known = Known { standing: Some(standing), called_at: Some(at(4_990)), ..known(at(5_030)) };
        assert_eq!(connection[0].state(&known), expected, "{standing:?}");
    }
}
