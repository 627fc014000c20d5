//! People from files.

use crate::house::{House, vanity};
use domain::{audit::Actor, workspace::Workspace};
use std::path::Path;
use store::Store;
use testkit::on_both_databases;
use usecases::profile::import::{ImportReport, import};

const CONNECTIONS: &str = "Notes:\r\n\"When exporting your connection data, you may notice that some of the email addresses are missing.\"\r\n\r\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\r\nAda,Lovelace,https://www.linkedin.com/in/ada-lovelace,,Analytical Engines,\"Analyst, first of her kind\",12 Oct 2026\r\nJosé,García,https://www.linkedin.com/in/jos%C3%A9-garc%C3%ADa,,,,1 Nov 2026\r\n,,,,,,2 Nov 2026\r\nCharles,Babbage,https://www.linkedin.com/company/babbage,,,,3 Nov 2026\r\n";

async fn take(house: &House, workspace: &Workspace, file: &str, folder: &Path) -> ImportReport {
    import(&house.deps, Actor::Operator, workspace, file.as_bytes(), folder, |_| {}).await.unwrap()
}

async fn engines(store: Store) -> (House, Workspace) {
    let house = House::new(store);
    let ada = house.person("Ada").await;
    let workspace = house.workspace(&ada, "Analytical Engines").await;
    (house, workspace)
}

on_both_databases! {
    async fn a_linkedin_export_fills_the_directory_and_bad_rows_say_why(store: Store) {
        let (house, workspace) = engines(store).await;
        let report = take(&house, &workspace, CONNECTIONS, Path::new(".")).await;
        assert_eq!((report.read, report.added, report.refused.len()), (4, 2, 2));
        assert_eq!(report.refused.iter().map(|row| row.line).collect::<Vec<_>>(), [7, 8]);
        let ada = store::profile::find(&house.deps.store, workspace.id, &vanity("ada-lovelace")).await.unwrap().unwrap();
        assert_eq!(ada.facts.name, "Ada Lovelace");
        assert_eq!(ada.facts.headline.as_deref(), Some("Analyst, first of her kind at Analytical Engines"));

        let again = take(&house, &workspace, CONNECTIONS, Path::new(".")).await;
        assert_eq!((again.added, again.updated, again.unchanged), (0, 0, 2));
    }

    async fn a_photo_is_put_on_file_and_a_bad_one_costs_only_itself(store: Store) {
        let (house, workspace) = engines(store).await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ada.jpg"), ::avatar::demo_portrait(1)).unwrap();
        std::fs::write(folder.path().join("bad.jpg"), b"no photo at all").unwrap();
        let file = "{\"username\":\"ada-lovelace\",\"name\":\"Ada\",\"photo\":\"ada.jpg\"}\n{\"username\":\"charles-babbage\",\"name\":\"Charles\",\"photo\":\"bad.jpg\"}\n{\"username\":\"mary-somerville\",\"name\":\"Mary\",\"photo\":\"none.jpg\"}\n";
        let report = take(&house, &workspace, file, folder.path()).await;
        assert_eq!((report.added, report.photos), (3, 1));
        assert_eq!(report.photos_refused.len(), 2);
        let photo = usecases::avatar::peek(&house.deps, workspace.id, &vanity("ada-lovelace")).await.unwrap().unwrap();
        for size in domain::avatar::AvatarSize::ALL {
            assert!(usecases::avatar::file(&house.deps, &photo, size).await.unwrap().is_some());
        }
        assert!(usecases::avatar::peek(&house.deps, workspace.id, &vanity("charles-babbage")).await.unwrap().is_none());
    }

    async fn refused_photos_are_told_in_the_order_of_the_file(store: Store) {
        let (house, workspace) = engines(store).await;
        let folder = tempfile::tempdir().unwrap();
        // The first one takes long to refuse: its end is missing.
        let whole = ::avatar::demo_portrait(1);
        std::fs::write(folder.path().join("0.jpg"), &whole[..whole.len() / 2]).unwrap();
        std::fs::File::create(folder.path().join("1.jpg")).unwrap().set_len((20 << 20) + 1).unwrap();
        std::fs::create_dir(folder.path().join("2.jpg")).unwrap();
        let row = |number: u32| format!("{{\"username\":\"person-{number}\",\"name\":\"Ada\",\"photo\":\"{number}.jpg\"}}\n");
        let file: String = (0..12).map(row).collect();
        let report = take(&house, &workspace, &file, folder.path()).await;
        let lines: Vec<u64> = report.photos_refused.iter().map(|row| row.line).collect();
        assert_eq!(lines, (1..=12).collect::<Vec<_>>());
        for large in &report.photos_refused[1..=2] {
            assert_eq!(large.reason, "the photo is no file of at most 20 MB");
        }
    }

    async fn a_person_who_stands_twice_in_a_file_is_one_person(store: Store) {
        let (house, workspace) = engines(store).await;
        let file = "{\"username\":\"ada-lovelace\",\"name\":\"Ada\",\"location\":\"London\"}\n{\"username\":\"Ada-Lovelace\",\"name\":\"Ada Lovelace\"}\n";
        let report = take(&house, &workspace, file, Path::new(".")).await;
        assert_eq!((report.read, report.added), (2, 1));
        let ada = store::profile::find(&house.deps.store, workspace.id, &vanity("ada-lovelace")).await.unwrap().unwrap();
        assert_eq!((ada.facts.name.as_str(), ada.facts.location.as_deref()), ("Ada Lovelace", Some("London")));
    }
}
