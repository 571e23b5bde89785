//! What one more origin costs: lists of 1 to 10,000, a hit and a miss, beside tower-http's list.
//!
//! `cargo bench -p cors-runtime --features builder,tower --bench origins`
//!
//! Each number is the time of one actual request through the layer around a service that does
//! nothing, in nanoseconds, the best of several runs. `no layer` is that service alone with the
//! making of its request; `by hand` looks the origin up in a `HashSet` and puts two headers on the
//! response, the least that could be done.

use std::collections::HashSet;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use cors_runtime::tower::CorsLayer;
use cors_runtime::{OriginList, Policy};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY};
use http::{HeaderValue, Request, Response};
use tower::{Layer as _, Service, service_fn};
use tower_http::cors::AllowOrigin;

const SIZES: [usize; 5] = [1, 10, 100, 1_000, 10_000];
const MISS: &str = "https://stranger.example.com";

fn origins(size: usize) -> impl Iterator<Item = String> {
    (0..size).map(|number| format!("https://tenant-{number}.example.com"))
}

fn serve(_: Request<()>) -> Ready<Result<Response<()>, Infallible>> {
    ready(Ok(Response::new(())))
}

fn main() {
    println!("{:<34}{:>8}{:>10}{:>10}", "", "origins", "hit", "miss");
    for size in SIZES {
        let hit = format!("https://tenant-{}.example.com", size / 2);
        let row = |name: &str, mut run: Box<dyn FnMut(&'static str)>| {
            let hit: &'static str = hit.clone().leak();
            let (hit, miss) = (nanoseconds(|| run(hit)), nanoseconds(|| run(MISS)));
            println!("{name:<34}{size:>8}{hit:>10.1}{miss:>10.1}");
        };
        row("no layer", through(service_fn(serve)));
        row("by hand", by_hand(size));
        row("cors-runtime, OriginList", through(list(size)));
        row("cors-runtime, entries of a policy", through(policy(size)));
        row("tower-http, AllowOrigin::list", through(tower_http(size)));
    }
}

/// A list that can be replaced while requests run.
fn list(size: usize) -> impl Service<Request<()>, Response = Response<()>, Error = Infallible> {
    let list: &OriginList = Box::leak(Box::new(
        OriginList::try_from_iter(origins(size)).expect("valid"),
    ));
    let policy = Policy::builder().origin_source(list).build();
    CorsLayer::new(policy.expect("valid")).layer(service_fn(serve))
}

/// What is written out, as in an attribute: compared one after the other.
fn policy(size: usize) -> impl Service<Request<()>, Response = Response<()>, Error = Infallible> {
    let policy = Policy::builder().origins(origins(size)).build();
    CorsLayer::new(policy.expect("valid")).layer(service_fn(serve))
}

fn tower_http(
    size: usize,
) -> impl Service<Request<()>, Response = Response<()>, Error = Infallible> {
    let values = origins(size).map(|origin| HeaderValue::try_from(origin).expect("a value"));
    let layer = tower_http::cors::CorsLayer::new().allow_origin(AllowOrigin::list(values));
    layer.layer(service_fn(serve))
}

fn by_hand(size: usize) -> Box<dyn FnMut(&'static str)> {
    let allowed: HashSet<HeaderValue> = origins(size)
        .map(|origin| HeaderValue::try_from(origin).expect("a value"))
        .collect();
    through(service_fn(move |request: Request<()>| {
        let origin = request.headers().get(ORIGIN);
        let origin = origin.filter(|it| allowed.contains(*it)).cloned();
        let mut response = Response::new(());
        response
            .headers_mut()
            .insert(VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = origin {
            response
                .headers_mut()
                .insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        ready(Ok::<_, Infallible>(response))
    }))
}

/// One request with that origin, to its response.
fn through(
    mut service: impl Service<Request<()>, Response = Response<()>, Error = Infallible> + 'static,
) -> Box<dyn FnMut(&'static str)> {
    Box::new(move |origin| {
        let mut request = Request::new(());
        let origin = HeaderValue::from_static(black_box(origin));
        request.headers_mut().insert(ORIGIN, origin);
        let future = pin!(service.call(request));
        let response = future.poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(black_box(response), Poll::Ready(Ok(_))));
    })
}

/// The best of a hundred runs of about 2 ms each: another process only ever adds to it.
fn nanoseconds(mut run: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut calls = 0_u32;
    while start.elapsed() < Duration::from_millis(2) {
        run();
        calls += 1;
    }
    let measure = |_| {
        let start = Instant::now();
        (0..calls).for_each(|_| run());
        start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
    };
    (0..100).map(measure).fold(f64::INFINITY, f64::min)
}
