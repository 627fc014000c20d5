//! Families of refresh tokens against the rule as it is written: whatever happens to them, every answer follows from what
//! was presented before, and when.

use domain::{
    clock::Timestamp,
    id::{FamilyId, GrantId, TokenId},
    oauth::token::{RefreshToken, RefreshVerdict, Successors, decide_refresh},
};
use proptest::{collection::vec, prelude::*, sample::Index};
use uuid::Uuid;

const FAMILIES: usize = 3;
/// Short enough to be reached in a story of some forty steps.
const LIFETIME: i64 = 600_000;

/// What may happen to tokens.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody presents any refresh token that was ever issued.
    Refresh(Index),
    /// Somebody shows any access token that was ever issued; they are issued beside the refresh tokens.
    Show(Index),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![1..1_000i64, 59_000..61_001i64, Just(60_000), Just(60_001), Just(LIFETIME)];
    prop_oneof![
        4 => any::<Index>().prop_map(Step::Refresh),
        1 => any::<Index>().prop_map(Step::Show),
        2 => wait.prop_map(Step::Wait),
    ]
}

/// The rows as the use case keeps them: what it reads, what it asks the rule, what it writes.
struct House {
    now: i64,
    rows: Vec<Row>,
}

#[derive(Clone, PartialEq)]
struct Row {
    token: RefreshToken,
    parent: Option<usize>,
    was_shown: bool,
}

impl House {
    fn new() -> Self {
        let mut house = Self { now: 0, rows: Vec::new() };
        for family in 0..FAMILIES {
            house.issue(family, None);
        }
        house
    }

    fn issue(&mut self, family: usize, parent: Option<usize>) {
        let token = RefreshToken {
            id: TokenId(Uuid::from_u128(self.rows.len() as u128)),
            grant: GrantId(Uuid::nil()),
            family: FamilyId(Uuid::from_u128(family as u128)),
            family_created_at: Timestamp::from_millis(0),
            issued_at: Timestamp::from_millis(self.now),
            expires_at: Timestamp::from_millis(self.now + LIFETIME),
            spent_at: None,
            revoked_at: None,
        };
        self.rows.push(Row { token, parent, was_shown: false });
    }

    fn family(&self, index: usize) -> usize {
        usize::try_from(self.rows[index].token.family.0.as_u128()).unwrap_or_default()
    }

    fn children(&self, index: usize) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.parent == Some(index))
    }

    fn refresh(&mut self, index: usize) -> RefreshVerdict {
        let successors = if self.children(index).any(|row| row.token.spent_at.is_some()) {
            Successors::Spent
        } else if self.children(index).any(|row| row.was_shown) {
            Successors::Shown
        } else {
            Successors::Unused
        };
        let family = self.family(index);
        let id = self.rows[index].token.family;
        let family_is_live = self.rows.iter().any(|row| row.token.family == id && row.token.revoked_at.is_none());
        let now = Timestamp::from_millis(self.now);
        let verdict = decide_refresh(&self.rows[index].token, successors, family_is_live, now);
        match verdict {
            RefreshVerdict::Rotate => self.rows[index].token.spent_at = Some(now),
            RefreshVerdict::Sibling | RefreshVerdict::Refuse => {}
            RefreshVerdict::Replace => self.revoke(|row| row.parent == Some(index)),
            RefreshVerdict::Replay => self.revoke(|row| row.token.family == id),
        }
        if !matches!(verdict, RefreshVerdict::Refuse | RefreshVerdict::Replay) {
            self.issue(family, Some(index));
        }
        verdict
    }

    fn revoke(&mut self, is_meant: impl Fn(&Row) -> bool) {
        let now = Timestamp::from_millis(self.now);
        for row in self.rows.iter_mut().filter(|row| is_meant(row)) {
            row.token.revoked_at.get_or_insert(now);
        }
    }

    fn show(&mut self, index: usize) {
        let row = &mut self.rows[index];
        // A revoked one is not let in, so showing it uses nothing.
        row.was_shown |= row.token.revoked_at.is_none();
    }

    fn is_good(&self, index: usize) -> bool {
        let token = &self.rows[index].token;
        token.revoked_at.is_none() && Timestamp::from_millis(self.now) < token.expires_at
    }
}

/// The rule, told from what happened and not from rows.
#[derive(Default)]
struct History {
    /// For each token: when it was issued, for which, and when it was first exchanged.
    born: Vec<(i64, Option<usize>)>,
    first_use: Vec<Option<i64>>,
    was_shown: Vec<bool>,
    was_replaced: Vec<bool>,
    is_over: [bool; FAMILIES],
}

impl History {
    fn note_birth(&mut self, now: i64, parent: Option<usize>) {
        self.born.push((now, parent));
        self.first_use.push(None);
        self.was_shown.push(false);
        self.was_replaced.push(false);
    }

    fn children(&self, index: usize) -> impl Iterator<Item = usize> {
        (0..self.born.len()).filter(move |child| self.born[*child].1 == Some(index))
    }

    fn expects(&self, index: usize, family: usize, now: i64) -> RefreshVerdict {
        let is_expired = now >= self.born[index].0 + LIFETIME;
        let is_grandparent = self.children(index).any(|child| self.first_use[child].is_some());
        let has_used_successor = is_grandparent || self.children(index).any(|child| self.was_shown[child]);
        match self.first_use[index] {
            _ if is_expired || self.is_over[family] => RefreshVerdict::Refuse,
            _ if self.was_replaced[index] || is_grandparent => RefreshVerdict::Replay,
            None => RefreshVerdict::Rotate,
            Some(first) if now - first <= 60_000 => RefreshVerdict::Sibling,
            Some(_) if !has_used_successor => RefreshVerdict::Replace,
            Some(_) => RefreshVerdict::Replay,
        }
    }

    fn note(&mut self, verdict: RefreshVerdict, index: usize, family: usize, now: i64) {
        match verdict {
            RefreshVerdict::Rotate => self.first_use[index] = Some(now),
            RefreshVerdict::Sibling | RefreshVerdict::Refuse => {}
            RefreshVerdict::Replace => {
                for child in self.children(index).collect::<Vec<_>>() {
                    self.was_replaced[child] = true;
                }
            }
            RefreshVerdict::Replay => self.is_over[family] = true,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_story_ends_as_the_rule_says(steps in vec(step(), 1..40)) {
        let mut house = House::new();
        let mut history = History::default();
        (0..FAMILIES).for_each(|_| history.note_birth(0, None));
        for step in steps {
            match step {
                Step::Wait(time) => house.now += time,
                Step::Show(which) => {
                    let index = which.index(house.rows.len());
                    history.was_shown[index] |= !history.was_replaced[index] && !history.is_over[house.family(index)];
                    house.show(index);
                }
                Step::Refresh(which) => {
                    let index = which.index(house.rows.len());
                    let (family, now) = (house.family(index), house.now);
                    let before = house.rows.clone();
                    let expected = history.expects(index, family, now);
                    let verdict = house.refresh(index);
                    prop_assert_eq!(verdict, expected);
                    history.note(verdict, index, family, now);
                    if house.rows.len() > before.len() {
                        history.note_birth(now, Some(index));
                    }
                    check(&house, &before, index, verdict)?;
                }
            }
        }
    }
}

/// What holds after any answer, whatever the rule's words are.
fn check(house: &House, before: &[Row], index: usize, verdict: RefreshVerdict) -> Result<(), TestCaseError> {
    let family = house.family(index);
    for (other, row) in before.iter().enumerate() {
        if house.family(other) != family {
            prop_assert!(house.rows[other] == *row, "a family noticed what happened in another");
        }
        prop_assert!(row.token.revoked_at.is_none() || house.rows[other].token.revoked_at.is_some(), "one came back");
    }
    let is_good = |other: &usize| house.family(*other) == family && house.is_good(*other);
    match verdict {
        RefreshVerdict::Rotate | RefreshVerdict::Sibling => {
            for (other, row) in before.iter().enumerate() {
                prop_assert_eq!(house.rows[other].token.revoked_at, row.token.revoked_at, "a pair died of a refresh");
            }
            prop_assert!(house.is_good(before.len()));
        }
        RefreshVerdict::Replace => {
            let children: Vec<usize> =
                (0..house.rows.len()).filter(|other| house.rows[*other].parent == Some(index)).collect();
            let good: Vec<usize> = children.into_iter().filter(is_good).collect();
            prop_assert_eq!(good, [before.len()], "another pair than the new one is left");
        }
        RefreshVerdict::Refuse => prop_assert!(house.rows == before),
        RefreshVerdict::Replay => {
            prop_assert_eq!((0..house.rows.len()).filter(is_good).count(), 0, "something of the family is left");
        }
    }
    Ok(())
}
