//! Tests that arguments live as long as in an `async fn`, and that spans cover the body.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use cors_runtime::axum::routing::get;
use cors_runtime::axum::{Router, cors};
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::common::{APP, request};

thread_local! {
    /// The events, in order. Every test runs on its own thread.
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn log(what: impl fmt::Display) {
    LOG.with_borrow_mut(|log| log.push(what.to_string()));
}

fn take_log() -> Vec<String> {
    LOG.take()
}

/// Logs its name when it is dropped.
struct LogOnDrop(&'static str);

impl Drop for LogOnDrop {
    fn drop(&mut self) {
        log(self.0);
    }
}

/// An extractor that logs when it is dropped. Each instance has a name.
struct Permit<const NAME: char>(LogOnDrop, LogOnDrop);

impl<const NAME: char> Permit<NAME> {
    fn new() -> Self {
        let name = |suffix: &str| -> &'static str { format!("{NAME}{suffix}").leak() };
        Self(LogOnDrop(name("0")), LogOnDrop(name("1")))
    }
}

impl<const NAME: char, S: Sync> FromRequestParts<S> for Permit<NAME> {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::new())
    }
}

async fn pause() {
    tokio::task::yield_now().await;
}

/// Defines a function twice: plain, and annotated.
macro_rules! twice {
    ($(async fn $name:ident($($parameters:tt)*) { $($body:tt)* })*) => {
        mod plain {
            #[allow(clippy::wildcard_imports, reason = "the same names")]
            use super::*;
            $(pub(crate) async fn $name($($parameters)*) { $($body)* })*
        }
        mod annotated {
            #[allow(clippy::wildcard_imports, reason = "the same names")]
            use super::*;
            $(
                #[cors(origins = ["https://app.example"])]
                pub(crate) async fn $name($($parameters)*) { $($body)* }
            )*
        }
    };
}

twice! {
    async fn named(one: Permit<'a'>, mut two: Permit<'b'>, _three: Permit<'c'>) {
        pause().await;
        two.0 = LogOnDrop("new");
        log("body");
        drop(one);
        log("end");
    }

    async fn unused(_: Permit<'a'>, _b: Permit<'b'>, _: Permit<'c'>) {
        let _local = LogOnDrop("local");
        pause().await;
        log("body");
    }

    async fn patterns(
        Permit(one, _): Permit<'a'>,
        Permit(..): Permit<'b'>,
        Permit(_, ref two): Permit<'c'>,
        _: Permit<'d'>,
        three @ Permit(..): Permit<'e'>,
    ) {
        pause().await;
        log(two.0);
        let _: (&LogOnDrop, &Permit<'e'>) = (&one, &three);
        log("body");
    }

    async fn shadowed(one: Permit<'a'>, two: Permit<'b'>) {
        let one = (LogOnDrop("shadow"), one);
        pause().await;
        let two = two;
        log("body");
        let _ = (&one, &two);
    }

    async fn early(one: Permit<'a'>, _: Permit<'b'>) {
        pause().await;
        if one.0.0 == "a0" {
            log("early");
            return;
        }
        log("never");
    }

    async fn moved(one: Permit<'a'>, two: Permit<'b'>, _: Permit<'c'>) {
        let task = async move {
            pause().await;
            log("inner");
            drop(two);
        };
        task.await;
        log("body");
        let _ = &one;
    }
}

/// Compares the logs of both functions when they complete, when they are dropped before the first
/// poll, and when they are dropped after the first poll.
macro_rules! same {
    ($($test:ident: $name:ident($($argument:expr),*);)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                plain::$name($($argument),*).await;
                let plain = take_log();
                annotated::$name($($argument),*).await;
                assert_eq!(take_log(), plain, "to the end");
                assert!(plain.len() > 2, "{plain:?}");

                drop(plain::$name($($argument),*));
                let plain = take_log();
                drop(annotated::$name($($argument),*).into_future());
                assert_eq!(take_log(), plain, "not started");
                drop(annotated::$name($($argument),*));
                assert_eq!(take_log(), plain, "not even made a future");

                cancel(plain::$name($($argument),*)).await;
                let plain = take_log();
                cancel(annotated::$name($($argument),*).into_future()).await;
                assert_eq!(take_log(), plain, "cancelled");
            }
        )*
    };
}

/// Polls the future once, and drops it.
async fn cancel(future: impl Future<Output = ()>) {
    tokio::select! {
        biased;
        () = future => panic!("it was to wait"),
        () = async {} => {}
    }
}

same! {
    named_arguments_are_dropped_as_in_an_async_fn:
        named(Permit::new(), Permit::new(), Permit::new());
    unused_arguments_are_dropped_as_in_an_async_fn:
        unused(Permit::new(), Permit::new(), Permit::new());
    what_patterns_leave_is_dropped_as_in_an_async_fn:
        patterns(Permit::new(), Permit::new(), Permit::new(), Permit::new(), Permit::new());
    shadowed_arguments_are_dropped_as_in_an_async_fn: shadowed(Permit::new(), Permit::new());
    an_early_return_drops_as_in_an_async_fn: early(Permit::new(), Permit::new());
    arguments_moved_inward_are_dropped_as_in_an_async_fn:
        moved(Permit::new(), Permit::new(), Permit::new());
}

#[tokio::test]
async fn unnamed_arguments_outlive_the_body_in_a_router() {
    let app: Router = Router::new()
        .route("/plain", axum::routing::get(plain::unused))
        .route("/", get(annotated::unused));
    request("GET", "/plain").to(&app).await.is(200);
    let plain = take_log();
    request("GET", "/")
        .from(APP)
        .to(&app)
        .await
        .is(200)
        .allows(APP);
    assert_eq!(take_log(), plain);
    assert_eq!(plain.first().map(String::as_str), Some("body"));
}

/// Records the spans of each event.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    names: Vec<String>,
    entered: Vec<usize>,
    events: Vec<String>,
}

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Spans {
    fn with<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.0.lock().expect("no panic"))
    }
}

impl Subscriber for Spans {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut name = span.metadata().name().to_owned();
        span.record(&mut Text(&mut name));
        self.with(|state| {
            state.names.push(name);
            Id::from_u64(state.names.len() as u64)
        })
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = String::new();
        event.record(&mut Text(&mut text));
        self.with(|state| {
            let spans = state.entered.iter().map(|&span| state.names[span].clone());
            let spans: Vec<_> = spans.collect();
            state.events.push(format!("{}:{text}", spans.join(",")));
        });
    }

    fn enter(&self, span: &Id) {
        let span = usize::try_from(span.into_u64()).expect("small") - 1;
        self.with(|state| state.entered.push(span));
    }

    fn exit(&self, _: &Id) {
        self.with(|state| _ = state.entered.pop());
    }
}

#[tracing::instrument(skip(permit), fields(db = 7))]
#[cors(origins = ["https://app.example"])]
async fn instrumented(State(number): State<u8>, permit: Permit<'a'>) -> Result<String, String> {
    tracing::info!("before");
    pause().await;
    tracing::info!(number, "after");
    drop(permit);
    Ok(number.to_string())
}

#[tokio::test]
async fn a_span_above_the_attribute_covers_the_body() {
    let spans = Spans::default();
    let app: Router = Router::new().route("/", get(instrumented)).with_state(3);
    let request = async {
        let reply = request("GET", "/").from(APP).to(&app).await;
        reply.is(200).has_body("3").allows(APP);
        tracing::info!("outside");
    };
    request.with_subscriber(spans.clone()).await;
    let events = spans.with(|state| std::mem::take(&mut state.events));
    let ours: Vec<_> = events
        .iter()
        .filter(|event| event.contains("message"))
        .collect();
    let span = "instrumented number=3 db=7";
    assert_eq!(
        ours,
        [
            &format!("{span}: message=before"),
            &format!("{span}: message=after number=3"),
            &": message=outside".to_owned(),
        ]
    );
}
