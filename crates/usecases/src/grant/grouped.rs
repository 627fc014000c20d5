//! The connections of a workspace by app and person: whoever connects an app again has one more, and sees one app.

use super::AuthorizedApp;
use domain::user::User;

/// One app as people know it. Registered anew or not: what has the same name and the same evidence is the same to them.
#[derive(Debug, Clone)]
pub struct AppConnections {
    /// By person. Never empty, and neither is any of the lists.
    pub people: Vec<PersonConnections>,
}

/// What one person connected, the latest first.
#[derive(Debug, Clone)]
pub struct PersonConnections {
    pub user: User,
    pub connections: Vec<AuthorizedApp>,
}

impl AppConnections {
    pub fn connections(&self) -> impl Iterator<Item = &AuthorizedApp> {
        self.people.iter().flat_map(|person| &person.connections)
    }

    /// All but the one that each person made last.
    pub fn older(&self) -> impl Iterator<Item = &AuthorizedApp> {
        self.people.iter().flat_map(|person| person.connections.iter().skip(1))
    }

    fn has(&self, other: &AuthorizedApp) -> bool {
        self.connections().any(|own| own.grant.client == other.grant.client || is_alike(own, other))
    }
}

fn is_alike(one: &AuthorizedApp, other: &AuthorizedApp) -> bool {
    one.publisher == other.publisher
        && one.grant.client_name == other.grant.client_name
        && one.client_name == other.client_name
        && one.standing == other.standing
}

/// Apps and people stay in the order of the list.
pub fn grouped(list: Vec<AuthorizedApp>) -> Vec<AppConnections> {
    let mut apps: Vec<AppConnections> = Vec::new();
    for connection in list {
        let person = |connection: AuthorizedApp| PersonConnections {
            user: connection.user.clone(),
            connections: vec![connection],
        };
        match apps.iter_mut().find(|app| app.has(&connection)) {
            None => apps.push(AppConnections { people: vec![person(connection)] }),
            Some(app) => match app.people.iter_mut().find(|own| own.user.id == connection.user.id) {
                None => app.people.push(person(connection)),
                Some(own) => own.connections.push(connection),
            },
        }
    }
    for person in apps.iter_mut().flat_map(|app| &mut app.people) {
        person
            .connections
            .sort_by_key(|connection| std::cmp::Reverse((connection.grant.created_at, connection.grant.id)));
    }
    apps
}
