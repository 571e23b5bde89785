//! Tests that clones and panics are the same as in axum's own router.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing as plainly;
use cors_runtime::axum::routing::get;
use cors_runtime::axum::{Router, cors};
use tower::Service;

use crate::common::{App, panic_of, request};

/// Counts its clones.
#[derive(Default)]
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn clones(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Shares the counter without counting a clone.
    fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::Relaxed);
        self.share()
    }
}

impl Service<Request> for Counted {
    type Response = Response;
    type Error = Infallible;
    type Future = Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        ready(Ok(Response::default()))
    }
}

#[cors(origins = ["https://app.example"])]
async fn annotated(_: State<Counted>) {}

async fn plain(_: State<Counted>) {}

/// Returns the number of clones for one request, after the first request.
async fn clones_for_a_request(app: &impl App, counted: &Counted) -> usize {
    request("GET", "/").to(app).await.is(200);
    let before = counted.clones();
    request("GET", "/").to(app).await.is(200);
    counted.clones() - before
}

#[tokio::test]
async fn a_request_clones_the_state_as_often_as_in_axum() {
    let counted = Counted::default();
    let theirs = axum::Router::new().route("/", plainly::get(plain));
    let theirs = theirs.with_state(counted.share()).with_state(());
    let expected = clones_for_a_request(&theirs, &counted).await;
    let ours = Router::new().route("/", get(plain));
    let ours = ours.with_state(counted.share());
    assert_eq!(clones_for_a_request(&ours, &counted).await, expected);
    // Uses one more layer.
    let ours = Router::new().route("/", get(annotated));
    let ours = ours.with_state(counted.share());
    assert!(clones_for_a_request(&ours, &counted).await <= expected + 1);
}

#[test]
fn a_clone_of_the_router_does_not_copy_routes() {
    let counted = Counted::default();
    let app = Router::<()>::new()
        .route_service("/service", counted.share())
        .fallback_service(counted.share());
    let before = counted.clones();
    drop(app.clone());
    assert_eq!(counted.clones(), before);
}

#[test]
fn a_layer_is_applied_once_to_each_endpoint() {
    #[derive(Clone, Default)]
    struct Count(Arc<AtomicUsize>);

    impl<S> tower::Layer<S> for Count {
        type Service = S;

        fn layer(&self, inner: S) -> S {
            self.0.fetch_add(1, Ordering::Relaxed);
            inner
        }
    }

    let (theirs, ours) = (Count::default(), Count::default());
    let router = axum::Router::<()>::new().route_service("/", Counted::default());
    drop(router.layer(theirs.clone()));
    let router = Router::<()>::new().route_service("/", Counted::default());
    drop(axum::Router::from(router.layer(ours.clone())));
    assert_eq!(
        ours.0.load(Ordering::Relaxed),
        theirs.0.load(Ordering::Relaxed)
    );
}

#[test]
fn a_router_is_not_a_service_of_a_route() {
    let app = || Router::<()>::new().route("/", get(|| async {}));
    let ours = panic_of(|| Router::<()>::new().route_service("/", app()));
    let theirs =
        panic_of(|| axum::Router::<()>::new().route_service("/", axum::Router::from(app())));
    assert_eq!(ours.message, theirs.message);
    assert_eq!(ours.file, file!());
    let ours = panic_of(|| Router::<()>::new().route_service("/", axum::Router::from(app())));
    assert_eq!(ours.message, theirs.message);
}

#[test]
fn a_layer_without_a_route_panics() {
    let ours = panic_of(|| Router::<()>::new().route_layer(axum::Extension(1)));
    let theirs = panic_of(|| axum::Router::<()>::new().route_layer(axum::Extension(1)));
    assert_eq!(ours.message, theirs.message);
    assert_eq!(ours.file, file!());
}
