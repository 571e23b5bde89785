//! `testing::Browser` beside real browsers: Chromium, and Firefox.
//!
//! Both run the same plans against the same servers on loopback. A plan is a line of
//! `scenarios.jsonl`, for which the servers are applications with policies, or a case of the
//! web-platform-tests. Compared are the result for the page and the requests that arrived, with
//! their headers. The names and ports of the URLs lead to the servers by options of the browser.
//!
//! A scenario is a page, the `cookies` that are in the browser before, and a list of steps. A step
//! has the same `request` and `want` as a case of the web-platform-tests, and `api` is `fetch`,
//! `xhr` or `websocket`. The page `null` is a sandboxed frame.

#[path = "../wpt/case.rs"]
mod case;
mod compare;
mod differences;
#[path = "../wpt/judge.rs"]
mod judge;
mod network;
mod ours;
#[path = "../wpt/outcome.rs"]
mod outcome;
mod page;
mod plan;
mod policies;
mod policy_server;
mod real;
mod report;
#[path = "../wpt/table.rs"]
mod table;
mod table_server;
#[path = "../common/web_driver.rs"]
mod web_driver;
mod world;

use fantoccini::error::CmdError;

use crate::differences::Known;
use crate::plan::Plan;
use crate::real::Engine;
use crate::report::Report;
use crate::web_driver::Driver;
use crate::world::World;

#[tokio::test]
#[ignore = "needs chromium and chromedriver; .ci/run runs it with --include-ignored"]
async fn chromium_agrees() {
    let world = World::start().await;
    let driver = real::chromium(&world.network).await;
    agree(&world, driver, &differences::CHROMIUM).await;
}

#[tokio::test]
#[ignore = "needs firefox and geckodriver; .ci/run runs it if GECKODRIVER is set"]
async fn firefox_agrees() {
    let world = World::start().await;
    let driver = real::firefox(&world.network).await;
    agree(&world, driver, &differences::FIREFOX).await;
}

async fn agree(world: &World, driver: Driver, known: &'static Known) {
    let mut engine = Engine::start(&driver).await.expect("a browser");
    let mut report = Report::new(engine.version(), known);
    let result = run(world, &mut engine, &mut report).await;
    // Before anything can panic: a driver that is killed leaves its browser and the profile.
    let closed = engine.close().await;
    driver.quit().await;

    result.expect("the browser runs all plans");
    closed.expect("the browser is open");
    report.end();
    println!("{report}");
    assert!(report.failures.is_empty(), "{}", report.failures.join("\n"));
}

async fn run(world: &World, engine: &mut Engine, report: &mut Report) -> Result<(), CmdError> {
    report.begin_suite("scenarios");
    run_all(world, engine, report, &plan::scenarios()).await?;
    report.begin_suite("web-platform-tests");
    run_all(world, engine, report, &plan::web_platform_tests()).await
}

async fn run_all(
    world: &World,
    engine: &mut Engine,
    report: &mut Report,
    plans: &[Plan],
) -> Result<(), CmdError> {
    for plan in plans {
        let ours = if plan.has_unsendable_answer {
            None
        } else {
            Some(ours::run(world, plan).await)
        };
        let real = engine.run(world, plan).await?;
        report.add(plan, ours.as_deref(), &real);
    }
    Ok(())
}
