//! Which steps make one attempt.

use super::*;

#[test]
fn the_whole_road_of_a_hosted_app_is_one_attempt() {
    let mut events = whole_road(0, 1, 1);
    events.reverse();
    let attempts = attempts(events);
    assert_eq!(attempts.len(), 1);
    assert_eq!(steps(&attempts[0]), Step::ALL);
    assert_eq!((attempts[0].grant(), attempts[0].client()), (grant(1), client("claude").as_ref()));
    assert_eq!(attempts[0].state(&known(at(5_000))), State::Connected);
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
    assert_eq!(attempts[0].state(&known(at(4))), State::Failed(mismatch));
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
    assert_eq!(attempts[0].state(&known(at(40))), State::Failed(mismatch));
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
    assert_eq!((one.len(), one[0].state(&known(at(31)))), (1, State::Failed(Mismatch::CodeUnknown)));
    let two = attempts(vec![consented(0, 1), consented(5, 2), fault]);
    assert_eq!(two.len(), 3);
}

#[test]
fn strangers_who_look_in_are_told_apart_by_their_source() {
    let looks = [(0, 1), (5, 2), (10, 1), (2_000, 1)]
        .map(|(seconds, number)| seen(seconds, Step::Challenge, |event| event.source = source(number)));
    let attempts = attempts(looks.to_vec());
    assert_eq!(attempts.iter().map(|attempt| attempt.events.len()).collect::<Vec<_>>(), [1, 2, 1]);
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

#[test]
fn each_fault_of_an_app_heads_an_attempt_of_its_own() {
    let claude = |event: &mut ConnectionEvent| event.client = client("claude");
    let elsewhere = |path: &str| Mismatch::callback_url(Some(path), ["https://a.example"]);
    let registered = seen(0, Step::Registration, claude);
    let events = vec![
        registered.clone(),
        fault(5, Step::Authorize, &elsewhere("https://b.example"), claude),
        fault(10, Step::Authorize, &elsewhere("https://c.example"), claude),
        fault(60, Step::Authorize, &Mismatch::PkceMissing, claude),
        fault(120, Step::Authorize, &Mismatch::request("response_type must be code"), claude),
    ];
    let attempts = attempts(events.clone());
    let told: Vec<_> = attempts.iter().map(|attempt| attempt.state(&known(at(130)))).collect();
    assert_eq!(
        told,
        [
            State::Failed(Mismatch::request("response_type must be code")),
            State::Failed(Mismatch::PkceMissing),
            State::Failed(elsewhere("https://c.example")),
        ]
    );
    // The same mistake with two addresses is one attempt, in which both are told.
    assert_eq!(lines(&attempts[2].events).len(), 3);
    // Whoever registers once more has begun anew, and hides nothing.
    let anew = seen(200, Step::Registration, claude);
    let again = [events, vec![anew]].concat();
    assert_eq!(states(again, 210)[..2], [State::UnderWay, told[0].clone()]);
}

#[test]
fn what_failed_before_an_app_was_known_is_not_hidden_behind_what_its_source_did_next() {
    let from_servers = |event: &mut ConnectionEvent| event.source = source(1);
    let path = Mismatch::wrong_path("/sse");
    let refused = Mismatch::registration("redirect_uris is missing");
    let mut events = vec![
        fault(0, Step::Challenge, &path, from_servers),
        fault(5, Step::Challenge, &Mismatch::wrong_path("/"), from_servers),
        fault(10, Step::Registration, &refused, from_servers),
    ];
    events.extend(whole_road(20, 1, 1));
    assert_eq!(
        states(events, 60),
        [State::Connected, State::Failed(refused), State::Failed(Mismatch::wrong_path("/"))]
    );
}

#[test]
fn what_an_app_tries_on_its_way_is_a_step_of_it() {
    let from_servers = |event: &mut ConnectionEvent| event.source = source(1);
    let mut events = vec![
        fault(-10, Step::FirstCall, &Mismatch::TokenUnknown, from_servers),
        fault(-5, Step::Metadata, &Mismatch::wrong_path("/sse"), from_servers),
    ];
    events.extend(whole_road(0, 1, 1));
    assert_eq!(states(events, 60), [State::Connected]);
}

#[test]
fn whoever_proves_nothing_stands_apart_from_the_app_that_they_name() {
    let unproven = |seconds: i64, name: &str, from: u8| {
        fault(seconds, Step::Token, &Mismatch::UnprovenCaller, |event| {
            (event.client, event.source) = (client(name), source(from));
        })
    };
    // In the middle of somebody's way to a connection, from the app's own servers.
    let mut events = whole_road(0, 1, 1)[..5].to_vec();
    events.extend([
        unproven(21, "claude", 1),
        unproven(22, "claude", 1),
        unproven(23, "claude", 2),
        unproven(24, "other", 1),
    ]);
    let attempts = attempts(events);
    let told: Vec<_> =
        attempts.iter().map(|attempt| (attempt.is_unproven(), attempt.events.len(), attempt.user())).collect();
    assert_eq!(told, [(true, 1, None), (true, 1, None), (true, 2, None), (false, 5, None)]);
    assert_eq!(attempts[3].state(&known(at(30))), State::UnderWay);
}

fn call_after(seconds: i64, from: u8) -> ConnectionEvent {
    fault(seconds, Step::FirstCall, &Mismatch::AlreadyConnected, |event| event.source = source(from))
}

#[test]
fn a_look_in_from_where_a_good_token_is_used_soon_after_is_a_silent_check() {
    let look_in = |from: u8| {
        let from_there = |event: &mut ConnectionEvent| event.source = source(from);
        vec![seen(0, Step::Challenge, from_there), seen(1, Step::Metadata, from_there)]
    };
    let with = |call: ConnectionEvent| [look_in(1), vec![call]].concat();
    assert_eq!(states(with(call_after(2, 1)), 10_000), [State::SilentCheck]);
    assert_eq!(states(with(call_after(600, 1)), 10_000), [State::SilentCheck]);
    for call in [call_after(2, 2), call_after(700, 1), call_after(-1, 1)] {
        let told = states(with(call), 10_000);
        assert_eq!(told, [State::Failed(Mismatch::NeverWentOn)], "of another place or time");
    }
    assert_eq!(states(vec![call_after(2, 1)], 10), [], "a call alone is no attempt");
}

#[test]
fn a_call_of_another_app_hides_nothing_but_look_ins() {
    let from_there = |event: &mut ConnectionEvent| event.source = source(1);
    for (step, mismatch) in [
        (Step::Registration, Mismatch::registration("redirect_uris is missing")),
        (Step::Challenge, Mismatch::wrong_path("/sse")),
        (Step::Metadata, Mismatch::wrong_path("/sse")),
        (Step::FirstCall, Mismatch::TokenUnknown),
    ] {
        let events = vec![fault(0, step, &mismatch, from_there), call_after(1, 1)];
        assert_eq!(states(events, 10), [State::Failed(mismatch)]);
    }
    // Whoever goes on keeps what they looked at, though somebody calls in the middle of it.
    let mut events = whole_road(0, 1, 1);
    events.push(call_after(1, 1));
    let attempts = attempts(events);
    assert_eq!(attempts.len(), 1);
    assert_eq!(steps(&attempts[0]), Step::ALL);
}

#[test]
fn apps_of_two_names_that_were_refused_are_two_attempts() {
    let refused = |seconds: i64, name: &str| {
        let mismatch = Mismatch::registration("redirect_uris is missing").of_app(name);
        fault(seconds, Step::Registration, &mismatch, |event| event.source = source(1))
    };
    let attempts = attempts(vec![refused(0, "Gemini CLI"), refused(5, "Gemini CLI"), refused(10, "Codex")]);
    let named: Vec<_> = attempts.iter().map(|attempt| (attempt.claimed_name(), attempt.events.len())).collect();
    assert_eq!(named, [(Some("Codex"), 1), (Some("Gemini CLI"), 2)]);
}
