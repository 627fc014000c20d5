//! The pages that tell why an app couldn't connect: found by its person, by those who manage the workspace's apps, and by
//! the server's operators.

use super::{
    signed_in::read,
    support::{Answer, CALLBACK, House, Person, authorize_path},
};
use axum::body::Body;
use domain::{
    audit::Actor,
    doctor::{Leg, Verdict},
    settings::{PublicUrl, Settings, SignUpPolicy},
};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::json;
use server::middleware::client_address::Peer;
use std::{sync::Arc, time::Duration};
use testkit::{FixedClock, SeededEntropy, database::TestDatabase};
use tower::ServiceExt as _;
use usecases::{
    Deps,
    access::session::{self, Viewer},
    doctor::{ExamineError, examine},
    sign_in::{SignUp, sign_up},
    workspace::{self, NewWorkspace},
};

pub const ATTEMPTS: &str = "/server/attempts";
pub const APPS: &str = "/w/analytical-engines/apps";
/// What an app asks for that registered [`CALLBACK`].
const OTHER_CALLBACK: &str = "https://client.example/callback/";

#[track_caller]
pub fn assert_says(answer: &Answer, sentences: &[&str]) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    for sentence in sentences {
        assert!(answer.text().contains(sentence), "it does not say {sentence:?}: {}", answer.text());
    }
}

/// The first account runs the server, the second doesn't.
async fn two(house: &House) -> (Person, Person) {
    let ada = house.person().await;
    (ada, house.person_named("Grace Hopper", "grace@example.com", "Compilers").await)
}

/// The page of the first connection that the apps page links to.
pub async fn timeline_path(house: &House, person: &Person) -> String {
    let html = read(house, person, APPS).await.text();
    let (_, rest) = html.split_once(&format!("href=\"{APPS}/")).unwrap_or_else(|| panic!("no link: {html}"));
    format!("{APPS}/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn a_callback_url_that_was_never_registered_is_found_by_the_operator_with_both_addresses_compared() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    house.call(Method::POST, "/mcp", &[], Body::empty()).await;
    let client = house.client_named("Muddled app").await;

    // The person is shown a page, and is not sent to the address.
    let page = house.get(&authorize_path(&client, &[("redirect_uri", OTHER_CALLBACK)])).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text().contains("<h1"), "{}", page.text());

    let attempts = read(&house, &ada, ATTEMPTS).await;
    assert_says(
        &attempts,
        &["Muddled app", "Callback URL mismatch", OTHER_CALLBACK, CALLBACK, "Only a slash at the end is different."],
    );
    assert_eq!(read(&house, &grace, ATTEMPTS).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get(ATTEMPTS).await.location(), format!("/sign-in?to={ATTEMPTS}"));
}

#[tokio::test]
async fn a_token_for_another_resource_is_found_by_the_operator_and_on_the_connections_own_page() {
    let house = House::start().await;
    let ada = house.person().await;
    let tokens = house.tokens(&ada).await;
    let bearer = format!("Bearer {}", tokens.access);
    house.clock.advance(Duration::from_secs(1));
    let call = house.post_json("/mcp/elsewhere", &[("authorization", &bearer)], &json!({})).await;
    assert_eq!(call.status, StatusCode::UNAUTHORIZED);
    let told = [
        "Wrong resource",
        "https://visage.example/mcp/elsewhere",
        "Different is the path (/mcp/elsewhere instead of /mcp).",
    ];
    assert_says(&read(&house, &ada, ATTEMPTS).await, &told);
    assert_says(&read(&house, &ada, &timeline_path(&house, &ada).await).await, &told);
}

#[tokio::test]
async fn a_connection_that_works_is_no_trouble_and_its_whole_road_is_told() {
    let house = House::start().await;
    let ada = house.person().await;
    house.call(Method::POST, "/mcp", &[], Body::empty()).await;
    house.get("/.well-known/oauth-protected-resource/mcp").await;
    let tokens = house.tokens(&ada).await;
    let bearer = format!("Bearer {}", tokens.access);
    house.post_json("/mcp", &[("authorization", &bearer)], &json!({"jsonrpc": "2.0", "id": 1, "method": "ping"})).await;

    assert_says(&read(&house, &ada, ATTEMPTS).await, &["No app is stuck"]);
    assert_says(&read(&house, &ada, "/server/attempts?show=all").await, &["Test client", "Connected", "Ada Lovelace"]);
    let page = read(&house, &ada, &timeline_path(&house, &ada).await).await;
    assert_says(
        &page,
        &[
            "The app called without a token and was told where to sign in.",
            "The app read how to sign in here.",
            "The app introduced itself and is known here.",
            "The person authorized the app.",
            "The app exchanged its code for a token.",
            "The app made its first call with the token.",
            "https://visage.example/mcp",
            CALLBACK,
        ],
    );
    assert!(!page.text().contains("Not seen"), "{}", page.text());
}

#[tokio::test]
async fn for_strangers_to_the_workspace_a_connection_is_not_there() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    house.tokens(&ada).await;
    let path = timeline_path(&house, &ada).await;
    assert_eq!(read(&house, &ada, &path).await.status, StatusCode::OK);
    let id = path.rsplit('/').next().unwrap();
    for hers in [path.clone(), format!("/w/compilers/apps/{id}"), format!("/w/nowhere/apps/{id}")] {
        let answer = read(&house, &grace, &hers).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{hers}");
        assert!(!answer.text().contains("Test client"), "{hers}");
    }
    for nonsense in ["0", "00000000-0000-0000-0000-000000000000", "%20"] {
        let answer = read(&house, &ada, &format!("{APPS}/{nonsense}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nonsense}");
    }
    assert!(house.get(&path).await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn people_are_told_on_the_apps_page_what_their_own_app_ran_into_until_it_gets_through() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    let client = house.client().await;
    let code = house.code(&ada, &client, "https://visage.example/mcp").await;
    house.clock.advance(Duration::from_secs(61));
    house.redeem(&client, &code).await;
    let told = ["did not get through", "The code expired"];
    assert_says(&read(&house, &ada, APPS).await, &told);
    let hers = read(&house, &grace, "/w/compilers/apps").await;
    assert!(hers.status == StatusCode::OK && !hers.text().contains(told[0]));

    house.clock.advance(Duration::from_secs(700));
    house.tokens(&ada).await;
    assert!(!read(&house, &ada, APPS).await.text().contains(told[0]));
}

#[tokio::test]
async fn hostile_names_and_addresses_stay_text_on_the_operators_page() {
    let house = House::start().await;
    let ada = house.person().await;
    let client = house.client_named("<script>alert(1)</script>").await;
    house.get(&authorize_path(&client, &[("redirect_uri", "https://x.example/<img src=x onerror=alert(1)>")])).await;
    let html = read(&house, &ada, ATTEMPTS).await.text();
    assert!(html.contains("Callback URL mismatch"), "{html}");
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
}

#[tokio::test]
async fn the_doctors_page_is_there_for_everybody_and_walks_elsewhere_only_for_who_is_signed_in() {
    let house = House::start().await;
    let ada = house.person().await;
    let page = house.get("/connect/doctor").await;
    assert_says(&page, &["Check a connector", "value=\"https://visage.example/mcp\"", "novalidate"]);

    let elsewhere = "/connect/doctor?url=https://10.0.0.7/mcp";
    assert_says(&house.get(elsewhere).await, &["Sign in to check another server than this one."]);
    // Signed in, and still not into a private network.
    let refused = [
        "Apps would not get through: 1 fault",
        "the host leads to an address that is not public (private)",
        "Not reached",
    ];
    assert_says(&read(&house, &ada, elsewhere).await, &refused);
    let hostile = read(&house, &ada, "/connect/doctor?url=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert_says(&hostile, &["is no address that can be called"]);
    assert!(!hostile.text().contains("<script>alert"));
}

#[tokio::test]
async fn nobody_sends_the_doctor_elsewhere_time_and_again() {
    let house = House::start().await;
    let ada = house.person().await;
    for _ in 0..6 {
        read(&house, &ada, "/connect/doctor?url=https://10.0.0.7/mcp").await;
    }
    let page = read(&house, &ada, "/connect/doctor?url=https://10.0.0.7/mcp").await;
    assert_says(&page, &["Too many requests: wait"]);
}

/// A server that can be called by its own address.
async fn listening() -> (Deps, axum::Router, TestDatabase, tempfile::TempDir) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let public_url: PublicUrl = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::sqlite().await;
    let mut settings = Settings::new(public_url.clone(), folder.path().to_owned());
    settings.sign_up = SignUpPolicy::Open;
    let clock = Arc::new(FixedClock::default());
    let deps = Deps::with(database.store().clone(), settings, clock, Arc::new(SeededEntropy::default()));
    let router = server::router::router(deps.clone());
    tokio::spawn(axum::serve(listener, router.clone()).into_future());
    (deps, router, database, folder)
}

#[tokio::test]
async fn people_are_told_of_the_workspaces_that_they_belong_to_and_nobody_else_of_any() {
    let (deps, _router, _database, _folder) = listening().await;
    let mut viewers = Vec::new();
    for (name, email, workspace) in
        [("Ada", "ada@example.com", "Analytical Engines"), ("Grace", "grace@example.com", "Compilers")]
    {
        let (name, email) = (name.to_owned(), email.to_owned());
        let form = SignUp { name, email, password: "correct horse battery 1815".to_owned(), from: None };
        let signed_in = sign_up(&deps, form).await.map_err(|error| error.to_string()).unwrap();
        let new = NewWorkspace { name: workspace.to_owned(), slug: None };
        workspace::create(&deps, signed_in.user.id, new, Actor::User(signed_in.user.id)).await.unwrap();
        viewers.push(session::viewer(&deps, signed_in.session.expose()).await.unwrap().unwrap());
    }
    let url = deps.settings.public_url.join("/mcp/analytical-engines");
    let told = async |viewer: Option<&Viewer>, url: &str| {
        let mut report = examine(&deps, viewer, None, url).await.unwrap();
        // A second may pass between two reports.
        report.findings.retain(|finding| finding.leg != Leg::Clock);
        let told: Vec<_> = report.on(Leg::Address).map(|finding| (finding.verdict, finding.what.clone())).collect();
        (told.last().cloned().unwrap(), format!("{report:?}"))
    };
    let ((verdict, what), _) = told(Some(&viewers[0]), &url).await;
    assert_eq!((verdict, what.as_str()), (Verdict::Pass, "You belong to the workspace \"analytical-engines\"."));

    // To a stranger it is there as little as one that isn't.
    let ((verdict, _), report) = told(Some(&viewers[1]), &url).await;
    assert_eq!(verdict, Verdict::Fail);
    assert!(report.contains("/mcp/compilers"), "{report}");
    let absent = url.replace("analytical", "imaginary");
    for stranger in [Some(&viewers[1]), None] {
        let (((_, theirs), of_theirs), ((_, none), of_none)) =
            (told(stranger, &url).await, told(stranger, &absent).await);
        assert_eq!(theirs, none.replace("imaginary", "analytical"));
        assert_eq!(
            of_theirs,
            of_none.replace("imaginary", "analytical"),
            "nor does anything else in the report differ"
        );
    }
    let ((verdict, open), _) = told(None, &url).await;
    assert!(verdict == Verdict::Warn && open.contains("can’t be seen from outside"), "{open}");
}

#[tokio::test]
async fn this_server_is_walked_by_its_own_address_and_found_well() {
    let (deps, router, _database, _folder) = listening().await;
    let public_url = deps.settings.public_url.clone();
    for path in ["/mcp", "/mcp/analytical-engines"] {
        let report = examine(&deps, None, None, &public_url.join(path)).await.unwrap();
        assert_eq!(report.count(Verdict::Fail), 0, "{report:#?}");
    }
    let with_slash = examine(&deps, None, None, &public_url.join("/mcp/")).await.unwrap();
    assert_eq!(with_slash.verdict_on(Leg::ResourceMetadata), Some(Verdict::Warn), "{with_slash:#?}");
    let host_alone = examine(&deps, None, None, public_url.as_str()).await.unwrap();
    let meant = format!("there is one at {}", public_url.join("/mcp"));
    assert!(host_alone.findings.iter().any(|finding| finding.what.contains(&meant)), "{host_alone:#?}");
    assert_eq!(host_alone.verdict_on(Leg::WebPages), Some(Verdict::Pass), "{host_alone:#?}");
    for path in ["/mcp", ""] {
        let by_https = public_url.join(path).replacen("http", "https", 1);
        let by_https = examine(&deps, None, None, &by_https).await.unwrap();
        assert!(format!("{by_https:?}").contains("begins with http://, not with https://"), "{by_https:#?}");
        assert_eq!(by_https.findings[0].fix, Some(format!("Give people exactly {}", public_url.join("/mcp"))));
    }
    for path in ["/mcp", ""] {
        let by_name = public_url.join(path).replacen("127.0.0.1", "localhost", 1);
        let by_name = examine(&deps, None, None, &by_name).await.unwrap();
        assert!(format!("{by_name:?}").contains("By another name it is another connector to apps"), "{by_name:#?}");
        assert_eq!(by_name.findings[0].fix, Some(format!("Give people exactly {}", public_url.join("/mcp"))));
    }
    let by_another_port = public_url.as_str().rsplit_once(':').unwrap().0.replacen("127.0.0.1", "localhost", 1);
    let elsewhere = examine(&deps, None, None, &format!("{by_another_port}:1/mcp")).await;
    assert!(matches!(elsewhere, Err(ExamineError::SignedOut)));
    let with_query = examine(&deps, None, None, &public_url.join("/mcp?x=1#y")).await.unwrap();
    let fixes: Vec<_> = with_query.findings.iter().filter_map(|finding| finding.fix.as_deref()).collect();
    let says = |part: &str| fixes.iter().any(|fix| fix.contains(part));
    assert!(says("Leave out ?x=1") && says("Leave out #y"), "{with_query:#?}");
    // The doctor is no app: nobody reads of its visits.
    let operator = usecases::access::operator::at_command_line();
    assert_eq!(usecases::connection_log::list_all(&deps, &operator).await.unwrap(), []);
    let elsewhere = examine(&deps, None, None, "https://elsewhere.example/mcp").await;
    assert!(matches!(elsewhere, Err(ExamineError::SignedOut)));

    // Whoever is signed out walks so often a minute, with the whole network.
    let look = async |from: [u8; 4]| {
        let path = format!("/connect/doctor?url={}", public_url.join("/mcp"));
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(from.into()));
        let answer = router.clone().oneshot(request).await.unwrap();
        String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    };
    for _ in 0..6 {
        assert!(look([203, 0, 113, 7]).await.contains("Apps can connect"));
    }
    assert!(look([203, 0, 113, 7]).await.contains("Too many requests: wait"));
    assert!(look([203, 0, 113, 8]).await.contains("Apps can connect"));
}
