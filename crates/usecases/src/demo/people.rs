//! The people of the demo: invented, every one, with portraits drawn by us.

use super::DemoError;
use crate::Deps;
use domain::{
    avatar::{AvatarSize, PhotoId},
    id::ProfileId,
    linkedin_url::VanityName,
    profile::{Profile, ProfileFacts},
    workspace::Workspace,
};
use std::collections::HashMap;
use tokio::task::JoinSet;

pub struct Invented {
    pub vanity: &'static str,
    name: &'static str,
    headline: &'static str,
    company: &'static str,
    industry: &'static str,
    location: &'static str,
    /// None: initials stand in.
    portrait: Option<u64>,
    is_open_to_work: Option<bool>,
}

impl Invented {
    pub const fn has_portrait(&self) -> bool {
        self.portrait.is_some()
    }
}

const fn person(
    (vanity, name): (&'static str, &'static str),
    (headline, company): (&'static str, &'static str),
    (industry, location): (&'static str, &'static str),
    portrait: Option<u64>,
) -> Invented {
    Invented { vanity, name, headline, company, industry, location, portrait, is_open_to_work: None }
}

const fn looking(mut person: Invented) -> Invented {
    person.is_open_to_work = Some(true);
    person
}

/// Whom the documentation and the tools give as their example comes first.
pub const ALL: &[Invented] = &[
    person(
        ("ada-lovelace", "Ada Lovelace"),
        ("Writes programs for machines that don't exist yet", "Analytical Engines"),
        ("Software", "London, United Kingdom"),
        Some(1),
    ),
    person(
        ("charles-bennet", "Charles Bennet"),
        ("Head of Engines", "Analytical Engines"),
        ("Mechanical engineering", "London, United Kingdom"),
        Some(2),
    ),
    person(
        ("mary-fairfax", "Mary Fairfax"),
        ("Explains the heavens, then the code", "Analytical Engines"),
        ("Research", "Edinburgh, United Kingdom"),
        Some(3),
    ),
    person(
        ("luigi-menabrea", "Luigi Menabrea"),
        ("Notes, sketches, translations", "Analytical Engines"),
        ("Publishing", "Turin, Italy"),
        Some(4),
    ),
    person(
        ("amara-okonkwo", "Amara Okonkwo"),
        ("Chief financial officer", "Lagoon Ferries"),
        ("Maritime transport", "Lagos, Nigeria"),
        Some(5),
    ),
    looking(person(
        ("jonas-lindqvist", "Jonas Lindqvist"),
        ("Bridge engineer between two bridges", "Self-employed"),
        ("Civil engineering", "Gothenburg, Sweden"),
        Some(6),
    )),
    person(
        ("mei-tanaka", "Mei Tanaka"),
        ("Product designer, quiet interfaces", "Paper Lantern"),
        ("Design", "Kyoto, Japan"),
        Some(7),
    ),
    person(
        ("tomasz-wisniewski", "Tomasz Wiśniewski"),
        ("Site reliability, mostly asleep at night", "Amber Cloud"),
        ("Information technology", "Gdańsk, Poland"),
        Some(8),
    ),
    person(
        ("lucia-fernandez-ruiz", "Lucía Fernández Ruiz"),
        ("Sales director, Iberia", "Olivar Foods"),
        ("Food production", "Sevilla, Spain"),
        Some(9),
    ),
    person(
        ("priya-raghunathan", "Priya Raghunathan"),
        ("Data scientist for things that rust", "Monsoon Rail"),
        ("Rail transport", "Chennai, India"),
        Some(10),
    ),
    person(
        ("kwame-asante", "Kwame Asante"),
        ("Founder; roasts, ships, repeats", "Volta Coffee"),
        ("Food and beverages", "Accra, Ghana"),
        Some(11),
    ),
    person(
        ("ingrid-solheim", "Ingrid Solheim"),
        ("Head of people", "Fjord Robotics"),
        ("Human resources", "Bergen, Norway"),
        Some(12),
    ),
    person(
        ("mateus-carvalho", "Mateus Carvalho"),
        ("Makes payments boring", "Ponte Pay"),
        ("Financial services", "Porto, Portugal"),
        Some(13),
    ),
    person(
        ("yasmin-haddad", "Yasmin Haddad"),
        ("Architect of schools with good light", "Haddad and Daughters"),
        ("Architecture", "Amman, Jordan"),
        Some(14),
    ),
    person(
        ("oisin-gallagher", "Oisín Gallagher"),
        ("Compiler person", "Slow Tide"),
        ("Software", "Galway, Ireland"),
        Some(15),
    ),
    looking(person(
        ("helene-dubois-martin", "Hélène Dubois-Martin"),
        ("Translator of contracts into French and back", "Freelance"),
        ("Translation", "Lyon, France"),
        Some(16),
    )),
    person(
        ("david-ben-ami", "David Ben-Ami"),
        ("Agronomist; drips on purpose", "Negev Drip"),
        ("Agriculture", "Be'er Sheva, Israel"),
        Some(17),
    ),
    person(
        ("ngozi-eze", "Ngozi Eze"),
        ("Paediatrician and reluctant spreadsheet author", "Harbour Clinic"),
        ("Health care", "Bristol, United Kingdom"),
        Some(18),
    ),
    person(
        ("felix-huber-linz", "Felix Huber"),
        ("Keeps old trams running", "Stadtwerke Linz"),
        ("Public transport", "Linz, Austria"),
        Some(19),
    ),
    person(
        ("sofia-papadaki", "Sofia Papadaki"),
        ("Marine biologist", "Blue Shelf Institute"),
        ("Research", "Heraklion, Greece"),
        Some(20),
    ),
    person(
        ("李雪-lixue", "李雪"),
        ("硬件工程师 · Hardware engineer", "Red Kite Instruments"),
        ("Electronics", "Hangzhou, China"),
        None,
    ),
    person(("omar-el-sayed", "عمر السيد"), ("Procurement, patiently", "Nile Steel"), ("Metals", "Cairo, Egypt"), None),
    person(
        ("greta-van-den-berg", "Greta van den Berg"),
        ("Insurance for windmills", "Molen Mutual"),
        ("Insurance", "Utrecht, Netherlands"),
        None,
    ),
    person(
        ("wren-hollis", "Wren"),
        ("Stage lighting", "Bright Side"),
        ("Performing arts", "Melbourne, Australia"),
        None,
    ),
];

/// Portraits by the seed that they were drawn from.
pub type Portraits = HashMap<u64, PhotoId>;

type Renditions = Vec<(AvatarSize, Vec<u8>)>;

/// Draws everybody's portrait and puts it on file.
pub async fn sit_for_portraits(deps: &Deps) -> Result<Portraits, DemoError> {
    let mut drawing = JoinSet::new();
    for seed in ALL.iter().filter_map(|invented| invented.portrait) {
        drawing.spawn_blocking(move || draw(seed).map(|(id, renditions)| (seed, id, renditions)));
    }
    let mut portraits = Portraits::new();
    while let Some(drawn) = drawing.join_next().await {
        let (seed, id, renditions) = drawn.ok().flatten().ok_or(DemoError::Portrait)?;
        deps.photos.write(&id, &renditions).await?;
        portraits.insert(seed, id);
    }
    Ok(portraits)
}

/// Writes people into a workspace's directory.
pub async fn move_in(
    deps: &Deps,
    workspace: &Workspace,
    people: &[Invented],
    portraits: &Portraits,
) -> Result<(), DemoError> {
    let now = deps.now();
    let profiles: Vec<Profile> = people
        .iter()
        .filter_map(|invented| {
            Some(Profile {
                id: ProfileId::generate(now, &*deps.entropy),
                workspace: workspace.id,
                vanity: VanityName::parse_username(invented.vanity).ok()?,
                facts: facts(invented),
                photo: invented.portrait.and_then(|seed| portraits.get(&seed).cloned()),
                updated_at: now,
            })
        })
        .collect();
    let transaction = deps.store.begin().await?;
    store::profile::upsert(&transaction, &profiles).await?;
    transaction.commit().await?;
    Ok(())
}

fn facts(invented: &Invented) -> ProfileFacts {
    let given = |text: &str| Some(text.to_owned());
    let summary = format!(
        "{} at {}. {} is invented, like everybody in this demo.",
        invented.headline, invented.company, invented.name
    );
    ProfileFacts {
        name: invented.name.to_owned(),
        headline: given(invented.headline),
        company: given(invented.company),
        summary: Some(summary),
        industry: given(invented.industry),
        location: given(invented.location),
        open_to_work: invented.is_open_to_work,
    }
}

fn draw(seed: u64) -> Option<(PhotoId, Renditions)> {
    let renditions = ::avatar::normalise(&::avatar::demo_portrait(seed)).ok()?;
    let sized: Renditions = renditions
        .into_iter()
        .filter_map(|rendition| Some((AvatarSize::try_from(i64::from(rendition.size)).ok()?, rendition.jpeg)))
        .collect();
    let (_, largest) = sized.iter().max_by_key(|(size, _)| *size)?;
    Some((PhotoId::of(largest), sized))
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use std::{fs, path::Path};

    #[test]
    fn whoever_the_documentation_gives_as_an_example_can_be_looked_up_in_the_demo() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut pages: Vec<_> = fs::read_dir(root.join("docs"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .collect();
        pages.extend(
            ["README.md", "server/src/mcp/tools/person.rs", "server/src/openapi/image_api.rs"]
                .map(|page| root.join(page)),
        );
        let mut examples = 0;
        for page in pages {
            let text = fs::read_to_string(&page).unwrap();
            for after in text.split("linkedin.com/in/").skip(1) {
                let end = after.find(|letter: char| !letter.is_alphanumeric() && letter != '-').unwrap_or(after.len());
                let name = &after[..end];
                if !name.is_empty() {
                    assert!(ALL.iter().any(|person| person.vanity == name), "{name} of {}", page.display());
                    examples += 1;
                }
            }
        }
        assert!(examples > 0);
    }
}
