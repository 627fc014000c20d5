//! Which events belong together: one app's way to one connection. What names the same request or grant is certain; what names
//! the same app, or came from the same source shortly before, is taken for it.

use super::{ConnectionEvent, Mismatch, Outcome, Source, Step};
use crate::{
    clock::Timestamp,
    id::{AuthorizationRequestId, GrantId, UserId},
    oauth::client::ClientId,
};
use std::time::Duration;

/// How far apart steps of one attempt may lie where nothing but the app or its source binds them.
pub const WINDOW: Duration = Duration::from_secs(600);

/// An app exchanges its code within a minute or never.
const FOR_A_CODE: Duration = Duration::from_secs(90);

/// One app on its way, its steps by time. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub events: Vec<ConnectionEvent>,
}

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Connected,
    /// The next step may still come.
    UnderWay,
    Failed(Mismatch),
}

/// A step as it is shown: what came several times in a row is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub step: Step,
    pub outcome: Outcome,
    pub at: Timestamp,
    pub last_at: Timestamp,
    pub count: u32,
}

/// Sorts events into attempts, the latest attempt first.
pub fn attempts(mut events: Vec<ConnectionEvent>) -> Vec<Attempt> {
    events.sort_by_key(|event| (event.at, event.step, event.id));
    let mut attempts = Vec::new();
    let (certain, rest): (Vec<_>, Vec<_>) =
        events.into_iter().partition(|event| event.request.is_some() || event.grant.is_some());
    for event in certain {
        join(&mut attempts, event, Attempt::shares_a_request_or_grant);
    }
    let (anonymous, of_clients): (Vec<_>, Vec<_>) = rest.into_iter().partition(ConnectionEvent::is_anonymous);
    for event in of_clients {
        place_by_client(&mut attempts, event);
    }
    // The latest first: each discovery belongs to what came soonest after it.
    for event in anonymous.into_iter().rev() {
        place_by_source(&mut attempts, event);
    }
    for attempt in &mut attempts {
        attempt.events.sort_by_key(|event| (event.at, event.step, event.id));
    }
    attempts.sort_by_key(|attempt| std::cmp::Reverse(attempt.last_at()));
    attempts
}

/// The steps of an attempt as they are shown.
pub fn lines(events: &[ConnectionEvent]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for event in events {
        match lines.iter_mut().rfind(|line| line.step == event.step) {
            Some(line) if line.outcome == event.outcome => {
                line.last_at = line.last_at.max(event.last_at);
                line.count = line.count.saturating_add(event.count);
            }
            _ => lines.push(Line {
                step: event.step,
                outcome: event.outcome.clone(),
                at: event.at,
                last_at: event.last_at,
                count: event.count,
            }),
        }
    }
    lines
}

fn join(attempts: &mut Vec<Attempt>, event: ConnectionEvent, fits: impl Fn(&Attempt, &ConnectionEvent) -> bool) {
    match attempts.iter_mut().find(|attempt| fits(attempt, &event)) {
        Some(attempt) => attempt.events.push(event),
        None => attempts.push(Attempt { events: vec![event] }),
    }
}

/// Many people may share one registration, so it goes to the attempt that began soonest after it, and no attempt has two.
fn place_by_client(attempts: &mut Vec<Attempt>, event: ConnectionEvent) {
    let of_client = |attempt: &&mut Attempt| attempt.client() == event.client.as_ref();
    let place = match (event.step, &event.outcome) {
        (Step::Registration, Outcome::Passed) => attempts
            .iter_mut()
            .filter(of_client)
            .filter(|attempt| !attempt.has_passed(Step::Registration))
            .filter(|attempt| is_shortly_before(event.at, attempt.began_at()))
            .min_by_key(|attempt| attempt.began_at()),
        // A fault at the exchange that names no grant: told only where it can mean one attempt alone.
        (Step::Token, _) => {
            let mut waiting: Vec<&mut Attempt> = attempts
                .iter_mut()
                .filter(of_client)
                .filter(|attempt| attempt.has_passed(Step::Consent) && !attempt.has_passed(Step::Token))
                .filter(|attempt| is_shortly_before(attempt.began_at(), event.at))
                .collect();
            if waiting.len() == 1 { waiting.pop() } else { None }
        }
        _ => None,
    };
    let place = match place {
        Some(attempt) => Some(attempt),
        None => attempts
            .iter_mut()
            .filter(of_client)
            .filter(|attempt| !attempt.is_certain())
            .find(|attempt| is_shortly_before(attempt.last_at(), event.at)),
    };
    match place {
        Some(attempt) => attempt.events.push(event),
        None => attempts.push(Attempt { events: vec![event] }),
    }
}

fn place_by_source(attempts: &mut Vec<Attempt>, event: ConnectionEvent) {
    let place = event.source.and_then(|source| {
        attempts
            .iter_mut()
            .filter_map(|attempt| {
                let later = attempt.soonest_of(source, event.at)?;
                Some((later, attempt))
            })
            .min_by_key(|(later, _)| *later)
            .map(|(_, attempt)| attempt)
    });
    match place {
        Some(attempt) => attempt.events.push(event),
        None => attempts.push(Attempt { events: vec![event] }),
    }
}

fn is_shortly_before(earlier: Timestamp, later: Timestamp) -> bool {
    earlier <= later && later.since(earlier) <= WINDOW
}

impl Attempt {
    pub fn client(&self) -> Option<&ClientId> {
        self.events.iter().find_map(|event| event.client.as_ref())
    }

    pub fn grant(&self) -> Option<GrantId> {
        self.events.iter().find_map(|event| event.grant)
    }

    pub fn request(&self) -> Option<AuthorizationRequestId> {
        self.events.iter().find_map(|event| event.request)
    }

    /// Who was signed in last.
    pub fn user(&self) -> Option<UserId> {
        self.events.iter().rev().find_map(|event| event.user)
    }

    pub fn began_at(&self) -> Timestamp {
        self.events.iter().map(|event| event.at).min().unwrap_or(Timestamp::from_millis(0))
    }

    pub fn last_at(&self) -> Timestamp {
        self.events.iter().map(|event| event.last_at).max().unwrap_or(Timestamp::from_millis(0))
    }

    pub fn state(&self, now: Timestamp) -> State {
        let Some(last) = self.events.iter().max_by_key(|event| (event.last_at, event.step)) else {
            return State::UnderWay;
        };
        if let Outcome::Failed(mismatch) = &last.outcome {
            return State::Failed(mismatch.clone());
        }
        let furthest =
            self.events.iter().filter(|event| event.outcome == Outcome::Passed).map(|event| event.step).max();
        let silent_for = now.since(last.last_at);
        let (patience, silence) = match furthest {
            Some(Step::FirstCall) => return State::Connected,
            Some(Step::Token) if silent_for <= WINDOW => return State::Connected,
            Some(Step::Token) => (WINDOW, Mismatch::NeverCalled),
            Some(Step::Consent) => (FOR_A_CODE, Mismatch::NeverCameBack),
            Some(Step::Authorize) => (WINDOW, Mismatch::NeverAnswered),
            Some(Step::Registration) => (WINDOW, Mismatch::NeverAsked),
            Some(Step::Challenge | Step::Metadata) | None => (WINDOW, Mismatch::NeverWentOn),
        };
        if silent_for > patience { State::Failed(silence) } else { State::UnderWay }
    }

    fn has_passed(&self, step: Step) -> bool {
        self.events.iter().any(|event| event.step == step && event.outcome == Outcome::Passed)
    }

    /// Whether a request or grant binds it, and not only what was near.
    fn is_certain(&self) -> bool {
        self.events.iter().any(|event| event.request.is_some() || event.grant.is_some())
    }

    fn shares_a_request_or_grant(&self, event: &ConnectionEvent) -> bool {
        self.events.iter().any(|own| {
            (own.request.is_some() && own.request == event.request) || (own.grant.is_some() && own.grant == event.grant)
        })
    }

    /// When the app's own machine, if `source` is it, was next seen at or after `at`, within the window. The browser that
    /// authorizes is another machine for hosted apps, and may be the same for local ones.
    fn soonest_of(&self, source: Source, at: Timestamp) -> Option<Timestamp> {
        self.events
            .iter()
            .filter(|event| event.source == Some(source) && is_shortly_before(at, event.at))
            .map(|event| event.at)
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ConnectionEventId;
    use uuid::Uuid;

    /// Seconds after noon.
    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_795_262_400_000 + seconds * 1000)
    }

    fn seen(seconds: i64, step: Step, change: impl FnOnce(&mut ConnectionEvent)) -> ConnectionEvent {
        let mut event = ConnectionEvent {
            id: ConnectionEventId(Uuid::from_u128(seconds.unsigned_abs().into())),
            at: at(seconds),
            last_at: at(seconds),
            step,
            outcome: Outcome::Passed,
            client: None,
            request: None,
            grant: None,
            user: None,
            source: None,
            count: 1,
        };
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
        assert_eq!(attempts[0].state(at(5_000)), State::Connected);
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
        assert_eq!(attempts[0].state(at(4)), State::Failed(mismatch));
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
        assert_eq!((one.len(), one[0].state(at(31))), (1, State::Failed(Mismatch::CodeUnknown)));
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
            assert_eq!(attempts[0].state(last.plus(Duration::from_secs(patience))), State::UnderWay);
            assert_eq!(attempts[0].state(last.plus(Duration::from_secs(patience + 1))), State::Failed(silence));
        }
        let with_token = attempts(road[..6].to_vec());
        assert_eq!(with_token[0].state(at(60)), State::Connected);
        assert_eq!(with_token[0].state(at(1_000)), State::Failed(Mismatch::NeverCalled));
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
        assert_eq!(attempts(road)[0].state(at(60)), State::Connected);
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
}
