use super::*;
use crate::connection::Source;
use crate::id::{AuthorizationRequestId, ConnectionEventId};
use uuid::Uuid;

/// Seconds after noon.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_262_400_000 + seconds * 1000)
}

fn seen(seconds: i64, step: Step, change: impl FnOnce(&mut ConnectionEvent)) -> ConnectionEvent {
    let id = ConnectionEventId(Uuid::from_u128(seconds.unsigned_abs().into()));
    let mut event = ConnectionEvent::new(id, at(seconds), step, Outcome::Passed);
    change(&mut event);
    event
}

fn client(name: &str) -> Option<ClientId> {
    Some(ClientId(name.to_owned()))
}

fn source(number: u8) -> Option<Source> {
    Some(Source([number; 16]))
}

fn request(number: u128) -> Option<AuthorizationRequestId> {
    Some(AuthorizationRequestId(Uuid::from_u128(number)))
}

fn grant(number: u128) -> Option<GrantId> {
    Some(GrantId(Uuid::from_u128(number)))
}

/// An app of the web: its servers discover and exchange, the person's browser authorizes.
fn whole_road(start: i64, number: u128, servers: u8) -> Vec<ConnectionEvent> {
    vec![
        seen(start, Step::Challenge, |event| event.source = source(servers)),
        seen(start + 1, Step::Metadata, |event| event.source = source(servers)),
        seen(start + 2, Step::Registration, |event| {
            event.client = client("claude");
            event.source = source(servers);
        }),
        seen(start + 4, Step::Authorize, |event| {
            event.client = client("claude");
            event.request = request(number);
            event.source = source(200);
        }),
        seen(start + 20, Step::Consent, |event| {
            event.client = client("claude");
            event.request = request(number);
            event.grant = grant(number);
            event.source = source(200);
        }),
        seen(start + 22, Step::Token, |event| {
            event.client = client("claude");
            event.grant = grant(number);
            event.source = source(servers);
        }),
        seen(start + 23, Step::FirstCall, |event| {
            event.client = client("claude");
            event.grant = grant(number);
        }),
    ]
}

fn steps(attempt: &Attempt) -> Vec<Step> {
    attempt.events.iter().map(|event| event.step).collect()
}

#[test]
fn the_whole_road_of_a_hosted_app_is_one_attempt() {
    let mut events = whole_road(0, 1, 1);
    events.reverse();
    let attempts = attempts(events);
    assert_eq!(attempts.len(), 1);
    assert_eq!(steps(&attempts[0]), Step::ALL);
    assert_eq!((attempts[0].grant(), attempts[0].client()), (grant(1), client("claude").as_ref()));
    assert_eq!(attempts[0].state(at(5_000), None), State::Connected);
}

#[test]
fn two_people_of_one_app_at_once_are_two_attempts() {
    let attempts = attempts([whole_road(0, 1, 1), whole_road(3, 2, 1)].concat());
    assert_eq!(attempts.len(), 2);
    assert_eq!((attempts[0].grant(), attempts[1].grant()), (grant(2), grant(1)));
    for attempt in &attempts {
        let registrations = attempt.events.iter().filter(|event| event.step == Step::Registration).count();
        assert_eq!(registrations, 1);
    }
}

#[test]
fn what_lies_further_back_than_the_window_is_another_attempt() {
    let discovery = seen(-700, Step::Challenge, |event| event.source = source(1));
    let registration = seen(-650, Step::Registration, |event| {
        event.client = client("claude");
        event.source = source(9);
    });
    let attempts = attempts([vec![discovery, registration], whole_road(0, 1, 1)].concat());
    assert_eq!(attempts.iter().map(|attempt| attempt.events.len()).collect::<Vec<_>>(), [7, 1, 1]);
}

#[test]
fn a_callback_mismatch_belongs_to_the_registration_before_it() {
    let mismatch = Mismatch::callback_url(Some("https://b.example"), ["https://a.example"]);
    let events = vec![
        seen(0, Step::Challenge, |event| event.source = source(1)),
        seen(1, Step::Registration, |event| {
            event.client = client("odd");
            event.source = source(1);
        }),
        seen(3, Step::Authorize, |event| {
            event.client = client("odd");
            event.source = source(2);
            event.outcome = Outcome::Failed(mismatch.clone());
        }),
    ];
    let attempts = attempts(events);
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].state(at(4), None), State::Failed(mismatch));
}

#[test]
fn trying_the_same_again_tears_no_attempt_apart() {
    let mismatch = Mismatch::callback_url(Some("https://b.example"), ["https://a.example"]);
    // Registered and asked, and both once more half a minute later: each is one event that was seen twice.
    let events = vec![
        seen(0, Step::Registration, |event| {
            event.client = client("odd");
            (event.last_at, event.count) = (at(30), 2);
        }),
        seen(3, Step::Authorize, |event| {
            event.client = client("odd");
            event.outcome = Outcome::Failed(mismatch.clone());
            (event.last_at, event.count) = (at(33), 2);
        }),
    ];
    let attempts = attempts(events);
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].state(at(40), None), State::Failed(mismatch));
}

#[test]
fn a_fault_at_the_exchange_is_told_where_it_can_mean_one_attempt_alone() {
    let consented = |start: i64, number: u128| {
        seen(start, Step::Consent, |event| {
            event.client = client("claude");
            event.request = request(number);
            event.grant = grant(number);
        })
    };
    let fault = seen(30, Step::Token, |event| {
        event.client = client("claude");
        event.outcome = Outcome::Failed(Mismatch::CodeUnknown);
    });
    let one = attempts(vec![consented(0, 1), fault.clone()]);
    assert_eq!((one.len(), one[0].state(at(31), None)), (1, State::Failed(Mismatch::CodeUnknown)));
    let two = attempts(vec![consented(0, 1), consented(5, 2), fault]);
    assert_eq!(two.len(), 3);
}

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
        assert_eq!(attempts[0].state(last.plus(Duration::from_secs(patience)), None), State::UnderWay);
        assert_eq!(attempts[0].state(last.plus(Duration::from_secs(patience + 1)), None), State::Failed(silence));
    }
    let with_token = attempts(road[..6].to_vec());
    assert_eq!(with_token[0].state(at(60), None), State::Connected);
    assert_eq!(with_token[0].state(at(1_000), None), State::Failed(Mismatch::NeverCalled));
}

#[test]
fn strangers_who_look_in_are_told_apart_by_their_source() {
    let looks = [(0, 1), (5, 2), (10, 1), (2_000, 1)]
        .map(|(seconds, number)| seen(seconds, Step::Challenge, |event| event.source = source(number)));
    let attempts = attempts(looks.to_vec());
    assert_eq!(attempts.iter().map(|attempt| attempt.events.len()).collect::<Vec<_>>(), [1, 2, 1]);
}

#[test]
fn a_fault_that_was_overcome_does_not_stand_in_the_way() {
    let mut road = whole_road(0, 1, 1);
    road.push(seen(10, Step::Consent, |event| {
        event.request = request(1);
        event.outcome = Outcome::Failed(Mismatch::NoWorkspace);
    }));
    assert_eq!(attempts(road)[0].state(at(60), None), State::Connected);
}

#[test]
fn whoever_calls_has_got_over_what_went_wrong_before() {
    let called = |seconds: i64| Some(at(seconds));
    for (mismatch, called_at, expected) in [
        (Mismatch::RefreshExpired, called(5_001), State::Connected),
        (Mismatch::RefreshExpired, called(5_000), State::Failed(Mismatch::RefreshExpired)),
        (Mismatch::RefreshExpired, None, State::Failed(Mismatch::RefreshExpired)),
        // Another of its servers had the new token already.
        (Mismatch::TokenExpired, called(4_950), State::Connected),
        (Mismatch::TokenExpired, called(4_000), State::Failed(Mismatch::TokenExpired)),
    ] {
        let mut road = whole_road(0, 1, 1);
        road.push(seen(5_000, Step::FirstCall, |event| {
            event.grant = grant(1);
            event.outcome = Outcome::Failed(mismatch.clone());
        }));
        assert_eq!(attempts(road)[0].state(at(9_000), called_at), expected, "{mismatch:?} {called_at:?}");
    }
    // The note of the first call was left out; the call was not.
    let without_call = attempts(whole_road(0, 1, 1)[..6].to_vec());
    assert_eq!(without_call[0].state(at(9_000), called(23)), State::Connected);
}

#[test]
fn faults_of_two_people_with_one_app_are_two_attempts() {
    let fault = |seconds: i64, person: Option<u128>| {
        seen(seconds, Step::Authorize, |event| {
            event.client = client("claude");
            event.user = person.map(|person| UserId(Uuid::from_u128(person)));
            event.outcome = Outcome::Failed(Mismatch::PkceMissing);
        })
    };
    // The first time nobody was signed in yet.
    let attempts = attempts(vec![fault(0, None), fault(10, Some(1)), fault(20, Some(2)), fault(30, Some(1))]);
    let whose: Vec<_> = attempts.iter().map(|attempt| (attempt.user(), attempt.events.len())).collect();
    let person = |number| Some(UserId(Uuid::from_u128(number)));
    assert_eq!(whose, [(person(1), 3), (person(2), 1)]);
}

#[test]
fn what_repeats_is_one_line_with_its_number() {
    let mut events: Vec<_> = (0..3).map(|second| seen(second, Step::Metadata, |_| {})).collect();
    events.push(seen(3, Step::Token, |event| event.outcome = Outcome::Failed(Mismatch::Verifier)));
    events.push(seen(4, Step::Token, |_| {}));
    let lines = lines(&events);
    assert_eq!(
        lines.iter().map(|line| (line.step, line.count)).collect::<Vec<_>>(),
        [(Step::Metadata, 3), (Step::Token, 1), (Step::Token, 1)]
    );
    assert_eq!((lines[0].at, lines[0].last_at), (at(0), at(2)));
}
