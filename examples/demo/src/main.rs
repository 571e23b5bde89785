//! What a browser makes of an API whose handlers are annotated with `#[cors]`.
//!
//! `cargo run -p demo` serves the API and, from two other origins, one small page that calls it:
//! the policies allow the first origin and not the second. Open both and compare.
//!
//! Where a port is taken, `DEMO_API_PORT`, `DEMO_ALLOWED_PORT` and `DEMO_REFUSED_PORT` name others.

mod api;
mod record;
mod site;

use std::error::Error;
use std::process::ExitCode;

use axum::middleware::from_fn_with_state;
use record::Record;
use site::{Port, Site};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let site = Site {
        api: Port::from_env("DEMO_API_PORT", 3000)?,
        allowed: Port::from_env("DEMO_ALLOWED_PORT", 5173)?,
        refused: Port::from_env("DEMO_REFUSED_PORT", 5174)?,
    };
    site.check()?;

    // All three listen before anything is printed.
    let api_listener = site.api.listen().await?;
    let allowed_listener = site.allowed.listen().await?;
    let refused_listener = site.refused.listen().await?;

    let app = api::router();
    let record = Record::default();
    println!("API           {}", site.api_origin());
    println!("allowed page  {}", site.allowed_origin());
    println!("refused page  {}", site.refused_origin());
    println!("\n{}", app.policies());
    // Outside of CORS, where a layer sees preflights.
    let layer = from_fn_with_state(record.clone(), record::record);
    let recorded = axum::Router::from(app).layer(layer);

    tokio::try_join!(
        axum::serve(api_listener, recorded).into_future(),
        axum::serve(allowed_listener, site.allowed_page(&record)).into_future(),
        axum::serve(refused_listener, site.refused_page(&record)).into_future(),
    )?;
    Ok(())
}
