use super::*;

type Answer = Result<(u64, ImportedPerson), RefusedRow>;

fn rows(bytes: impl AsRef<[u8]>) -> Vec<Answer> {
    read(bytes.as_ref()).unwrap().collect()
}

fn refusal(bytes: impl AsRef<[u8]>) -> String {
    read(bytes.as_ref()).map(|_| ()).unwrap_err().to_string()
}

/// `line name` of each person, `line reason` with a leading `!` of each refusal.
fn outline(bytes: impl AsRef<[u8]>) -> Vec<String> {
    rows(bytes)
        .into_iter()
        .map(|row| match row {
            Ok((line, person)) => format!("{line} {}", person.vanity),
            Err(row) => format!("!{} {}", row.line, row.reason),
        })
        .collect()
}

const CONNECTIONS: &str = "\u{FEFF}Notes:\r\n\
    \"When exporting your connection data, you may notice that some of the \"\"email addresses\"\" are missing.\"\r\n\
    \r\n\
    First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n\
    Ada,Lovelace,https://www.linkedin.com/in/ada-lovelace,,\"Analytical Engines, Ltd\",Programmer,01 Jan 2020\r\n\
    ,,,,,,02 Jan 2020\r\n\
    José,García,https://www.linkedin.com/in/jos%C3%A9-garc%C3%ADa,jose@example.com,\"Acme\r\nSpain\",\"Head of\r\nEverything\",03 Jan 2020\r\n\
    ,,https://www.linkedin.com/in/no-name-1,,,,04 Jan 2020\r\n\
    Company,Page,https://www.linkedin.com/company/1035,,,Page,05 Jan 2020\r\n\
    伟,张,https://www.linkedin.com/in/%E5%BC%A0%E4%BC%9F1,,,工程师,06 Jan 2020\r\n";

#[test]
fn a_linkedin_export_is_read_as_linkedin_writes_it() {
    assert_eq!(read(CONNECTIONS.as_bytes()).unwrap().format(), Format::LinkedinConnections);
    assert_eq!(
        outline(CONNECTIONS),
        [
            "5 ada-lovelace",
            "!6 this connection hides its profile URL",
            "7 josé-garcía",
            "10 no-name-1",
            "!11 this is the page of a company, not of a person; paste the URL of a profile, with /in/ in it",
            "12 张伟1",
        ]
    );
    let people: Vec<ImportedPerson> = rows(CONNECTIONS).into_iter().flatten().map(|(_, person)| person).collect();
    assert_eq!(
        people[0].facts,
        ProfileFacts {
            name: "Ada Lovelace".into(),
            headline: Some("Programmer at Analytical Engines, Ltd".into()),
            company: Some("Analytical Engines, Ltd".into()),
            ..ProfileFacts::default()
        }
    );
    assert_eq!(people[1].facts.headline.as_deref(), Some("Head of Everything at Acme Spain"));
    assert_eq!(people[2].facts, ProfileFacts::default());
    assert_eq!(people[3].facts.headline.as_deref(), Some("工程师"));
}

#[test]
fn an_older_export_without_preamble_is_read_and_one_without_urls_is_explained() {
    let header = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n";
    assert_eq!(outline(format!("{header}Ada,L,https://linkedin.com/in/ada-l,,,,\n")), ["2 ada-l"]);
    let refused = refusal("First Name,Last Name,Email Address,Company,Position,Connected On\nAda,L,,,,\n");
    assert!(refused.contains("line 1 has no URL column"), "{refused}");
    let refused = refusal("Notes:\n\"x\"\n\nFirst Name,Last Name,Email Address,Company,Position,Connected On\n");
    assert!(refused.contains("line 4 has no URL column"), "{refused}");
}

#[test]
fn a_table_may_use_any_usual_delimiter_and_header_spelling() {
    for (delimiter, line_end) in [(",", "\n"), (";", "\r\n"), ("\t", "\n"), (",", "\r")] {
        let header = [
            "LinkedIn URL",
            "Full_Name",
            "HEADLINE",
            "Company",
            "summary",
            "industry",
            "Location",
            "open to work",
            "photo",
            "x",
        ];
        let row = [
            "https://linkedin.com/in/ada-l",
            "Ada L",
            "Programmer",
            "Acme",
            "Writes",
            "Computing",
            "London",
            "YES",
            "faces/ada.jpg",
            "y",
        ];
        let file = [header.join(delimiter), row.join(delimiter), String::new()].join(line_end);
        let answers = rows(&file);
        let (line, person) = answers[0].clone().unwrap();
        assert_eq!((answers.len(), line), (1, 2), "{delimiter:?} {line_end:?}");
        assert_eq!(person.photo, Some(PhotoSource::Path("faces/ada.jpg".into())));
        assert_eq!(
            person.facts,
            ProfileFacts {
                name: "Ada L".into(),
                headline: Some("Programmer".into()),
                company: Some("Acme".into()),
                summary: Some("Writes".into()),
                industry: Some("Computing".into()),
                location: Some("London".into()),
                open_to_work: Some(true),
            }
        );
    }
}

#[test]
fn json_lines_take_the_same_names_and_pass_over_the_rest() {
    let file = "\n{\"username\": \"ada-l\", \"First Name\": \"Ada\", \"lastName\": \"L\", \"open_to_work\": false, \"photo\": \"https://example.com/a.png\", \"other\": [1]}\n\n\
        {\"url\": \"https://linkedin.com/in/bob-b\", \"name\": null}\r\n\
        {\"name\": \"No One\"}\n\
        {\"url\": 5}\n\
        [1]\n\
        {\"url\": \n\
        {\"username\": \"last-one\", \"email\": {}}";
    assert_eq!(read(file.as_bytes()).unwrap().format(), Format::JsonLines);
    assert_eq!(
        outline(file),
        [
            "2 ada-l",
            "4 bob-b",
            "!5 this row has neither a linkedin_url nor a username",
            "!6 the field \"url\" must be text",
            "!7 this line is not a JSON object",
            "!8 this line is not valid JSON (column 8)",
            "9 last-one",
        ]
    );
    let (_, person) = rows(file)[0].clone().unwrap();
    assert_eq!(person.facts.name, "Ada L");
    assert_eq!(person.facts.open_to_work, Some(false));
    assert_eq!(person.photo, Some(PhotoSource::Url("https://example.com/a.png".into())));
}

#[test]
fn a_bad_row_is_refused_and_the_next_ones_stay() {
    let mut file = b"url,name,open_to_work,photo\nhttps://linkedin.com/in/one-1,One,,\n".to_vec();
    file.extend(b"https://linkedin.com/in/two-2,\xFF\xFE,,\n");
    file.extend(b"https://linkedin.com/in/three-3,Th\0ree,,\n");
    file.extend(b"https://linkedin.com/in/four-4,Four, Comma, Unquoted,x\n");
    file.extend(b",,,\n\n   \nhttps://linkedin.com/in/five-5,F,maybe,\n");
    file.extend(b"https://linkedin.com/in/six-6,S,,file:///etc/passwd\n");
    file.extend(b"https://linkedin.com/in/seven-7\n");
    file.extend(b"https://lnkd.in/e8,E,,");
    let outline = outline(&file);
    assert_eq!(outline[0], "2 one-1");
    assert!(outline[1].starts_with("!3 this row is not valid UTF-8"), "{}", outline[1]);
    assert_eq!(outline[2], "4 three-3");
    assert!(outline[3].starts_with("!5 this row has 5 fields and the header 4"), "{}", outline[3]);
    assert!(outline[4].starts_with("!9 open_to_work"), "{}", outline[4]);
    assert!(outline[5].starts_with("!10 photo"), "{}", outline[5]);
    assert_eq!(outline[6], "11 seven-7");
    assert!(outline[7].starts_with("!12 lnkd.in is a short link"), "{}", outline[7]);
    assert_eq!(outline.len(), 8);
    assert_eq!(rows(&file)[2].clone().unwrap().1.facts.name, "Three");
}

#[test]
fn half_characters_in_neighbouring_cells_are_refused_and_never_joined() {
    assert!(rows(b"url,name\nhttps://linkedin.com/in/ada-\xC3,\xA9\n")[0].is_err());
}

#[test]
fn a_lost_quotation_mark_costs_one_row() {
    let file = "url,name\nlinkedin.com/in/one-1,\"One\nlinkedin.com/in/two-2,Two\nlinkedin.com/in/three-3,Three\n";
    assert_eq!(outline(file), ["!2 a quotation mark opens in this row and is never closed", "3 two-2", "4 three-3"]);
}

#[test]
fn a_file_full_of_lost_quotation_marks_ends_in_reasonable_time() {
    let mut file = b"url,name\n".to_vec();
    while file.len() < 3 << 20 {
        file.extend(b"a\",\"b\n");
    }
    assert!(rows(&file).iter().all(Result::is_err));
}

#[test]
fn a_row_of_more_than_a_megabyte_is_refused_and_the_next_is_read() {
    let long = "x".repeat(3 << 20);
    let table = format!(
        "url,name\nlinkedin.com/in/one-1,{long}\nlinkedin.com/in/two-2,\"{long}\"\nlinkedin.com/in/three-3,T\n"
    );
    assert_eq!(outline(table), ["!2 this row is longer than 1 MB", "!3 this row is longer than 1 MB", "4 three-3"]);
    let lines = format!(
        "{{\"username\":\"one-1\"}}\n{{\"username\":\"two-2\",\"x\":\"{long}\"}}\n{{\"username\":\"three-3\"}}\n"
    );
    assert_eq!(outline(lines), ["1 one-1", "!2 this row is longer than 1 MB", "3 three-3"]);
}

#[test]
fn long_texts_are_cut_with_an_ellipsis() {
    let text = "word ".repeat(4_000);
    let file = format!("username,name,headline,summary,location\nada-l,{text},{text},\"{text}\n\n{text}\",{text}\n");
    let facts = rows(file)[0].clone().unwrap().1.facts;
    for (text, limit) in [
        (&facts.name, 200),
        (facts.headline.as_ref().unwrap(), 300),
        (facts.summary.as_ref().unwrap(), 5_000),
        (facts.location.as_ref().unwrap(), 200),
    ] {
        assert!(text.chars().count() <= limit && text.ends_with('…') && !text.ends_with("……"), "{limit}");
    }
}

#[test]
fn fifty_thousand_rows_keep_their_line_numbers_in_little_memory() {
    let mut file = CONNECTIONS.lines().take(4).collect::<Vec<_>>().join("\r\n").into_bytes();
    file.extend(b"\r\n");
    for index in 0..50_000 {
        file.extend(
            format!("Ada,Nr {index},https://www.linkedin.com/in/ada-{index},,Acme,Eng,01 Jan 2020\r\n").bytes(),
        );
    }
    let mut rows = read(file.as_slice()).unwrap();
    for index in 0..50_000u64 {
        let (line, person) = rows.next().unwrap().unwrap();
        assert_eq!((line, person.vanity.as_str()), (index + 5, format!("ada-{index}").as_str()));
    }
    assert!(rows.next().is_none());
    assert_eq!(rows.bytes_read(), file.len() as u64);
    assert!(rows.window.held() < 4 * 64 * 1024, "{} bytes are held", rows.window.held());
}

#[test]
fn files_of_other_kinds_are_explained() {
    assert_eq!(refusal(""), "the file is empty");
    assert_eq!(refusal("\u{FEFF}\r\n \n"), "the file is empty");
    assert!(refusal(b"\xFF\xFEu\0r\0l\0").contains("UTF-16"));
    assert!(refusal(b"PK\x03\x04rest").contains("archive"));
    assert!(refusal("[{\"url\": 1}]").contains("JSON array"));
    assert!(refusal("https://www.linkedin.com/in/ada,Ada\n").contains("no header"));
    assert!(refusal(vec![0u8; 300_000]).contains("no header"));
}

#[test]
fn a_read_error_in_the_middle_is_the_last_refusal() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("disk on fire"))
        }
    }
    let good = format!("username\n{}", "ada-l\n".repeat(20_000));
    let rows: Vec<Answer> = read(good.as_bytes().chain(Broken)).unwrap().collect();
    assert!(rows.len() > 10_000);
    assert!(rows[..rows.len() - 1].iter().all(Result::is_ok));
    assert!(rows.last().unwrap().as_ref().unwrap_err().reason.contains("disk on fire"));
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), quotes in "[\",;\n\r{}a]{0,60}") {
            for start in ["", "url,name\n", "{\"username\":\"ada-l\"}\n", "Notes:\n\n"] {
                for middle in [&bytes[..], quotes.as_bytes()] {
                    let mut file = start.as_bytes().to_vec();
                    file.extend(middle);
                    if let Ok(rows) = read(file.as_slice()) {
                        prop_assert!(rows.count() <= file.len());
                    }
                }
            }
        }

        #[test]
        fn a_quoted_table_gives_back_what_was_put_in(names in proptest::collection::vec("[a-z,\"; ]{1,20}", 1..20)) {
            let mut file = "username,company\n".to_owned();
            for (index, name) in names.iter().enumerate() {
                file.push_str(&format!("ada-{index},\"a{}\"\n", name.replace('"', "\"\"")));
            }
            for (index, row) in rows(&file).into_iter().enumerate() {
                let (line, person) = row.unwrap();
                prop_assert_eq!(line, index as u64 + 2);
                let expected = format!("a{}", names[index]).split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(person.facts.company.unwrap(), expected);
            }
        }
    }
}
