//! `visage demo`: the house on a throw-away database, full of invented people.

use super::{Fault, output, serve};
use crate::{
    config::{ServerConfig, sqlite_url},
    start::{self, House},
};
use domain::settings::SignUpPolicy;
use std::{net::SocketAddr, path::Path};
use tokio::net::TcpListener;
use usecases::demo::{self, Demo};

pub async fn run(mut config: ServerConfig) -> Result<(), Fault> {
    let mut stop = Box::pin(serve::signal()?);
    let listener = listen(&config).await?;
    let address = listener.local_addr()?;
    // Removed when it goes out of scope, with everything in it.
    let folder = tempfile::Builder::new()
        .prefix("visage-demo-")
        .tempdir()
        .map_err(|error| Fault::new(format!("No temporary folder can be made for the demo ({error}): set TMPDIR.")))?;
    config.data_dir = folder.path().to_owned();
    config.database_url = sqlite_url(folder.path());
    config.sign_up = config.sign_up.or(Some(SignUpPolicy::Open));
    let settings = config.settings(address.port());
    output::remark("Filling a throw-away database …")?;
    let house = House::open(&config, settings).await?;
    let filled = tokio::select! {
        filled = Box::pin(demo::fill(&house.deps)) => Some(filled.map_err(|error| Fault::of(&error))?),
        () = &mut stop => None,
    };
    if let Some(filled) = filled {
        tell(&filled, house.deps.settings.public_url.as_str(), folder.path())?;
        serve::until(stop, listener, house).await?;
    }
    folder.close().map_err(|error| Fault::new(format!("The demo's temporary folder could not be removed ({error}).")))
}

/// The configured address; if nobody chose one and it is taken, any free one.
async fn listen(config: &ServerConfig) -> Result<TcpListener, Fault> {
    match start::listen(config).await {
        Err(_) if !config.is_listen_configured => {
            let any = SocketAddr::new(config.listen.ip(), 0);
            start::listen(&ServerConfig { listen: any, ..config.clone() }).await
        }
        other => other,
    }
}

fn tell(demo: &Demo, url: &str, folder: &Path) -> Result<(), Fault> {
    let Demo { user, password, workspace, key, person } = demo;
    output::line(format_args!(
        "
Visage demo: {workspace}, with invented people and a month of usage. Nothing of it stays.

  Open        {url}/
  Sign in     {email}
  Password    {password}
  Connector   {url}/mcp
  This server {url}/server/clients   which apps may connect: {first_name} is the operator
  Data        {folder}

Connect an app, and ask it who this is: {profile}

  claude mcp add --transport http visage {url}/mcp
  claude mcp login visage

Without an app, in a second terminal:

  curl -L -o face.jpg '{url}/v1/avatar?key={key}&username={person}&size=256'
  VISAGE_DATA_DIR='{folder}' visage user list

Ctrl-C ends it and removes its data.",
        workspace = workspace.name,
        email = user.email,
        first_name = user.name.split(' ').next().unwrap_or_default(),
        folder = folder.display(),
        profile = person.profile_url(),
        person = person.as_str(),
    ))
}
