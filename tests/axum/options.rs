//! Tests OPTIONS requests that are not preflights. The user's handlers, layers and fallbacks serve
//! them as in axum.

use axum::extract::Request;
use axum::http::header::ALLOW;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::routing as plainly;
use cors_runtime::axum::routing::{self, MethodFilter, get};
use cors_runtime::axum::{Router, cors};

use crate::common::{ADMIN, APP, App, Reply, STRANGER, preflight, request};

#[cors(origins = ["https://app.example"])]
async fn list() -> &'static str {
    "list"
}

#[cors(origins = ["https://admin.example"])]
async fn annotated_options() -> &'static str {
    "options"
}

async fn plain() -> &'static str {
    "list"
}

async fn options() -> &'static str {
    "options"
}

async fn first() -> (StatusCode, &'static str) {
    (StatusCode::METHOD_NOT_ALLOWED, "first")
}

async fn second() -> (StatusCode, &'static str) {
    (StatusCode::IM_A_TEAPOT, "second")
}

/// A layer that adds its name to the response, to show its position.
macro_rules! mark {
    ($name:literal) => {
        from_fn(async |request: Request, next: Next| {
            let mut response = next.run(request).await;
            response
                .headers_mut()
                .append("layers", HeaderValue::from_static($name));
            response
        })
    };
}

/// Returns the parts of a response that do not belong to CORS.
fn visible_parts(reply: &Reply) -> (u16, String, Vec<&str>, Vec<String>) {
    let layers = reply.lines(&HeaderName::from_static("layers"));
    let body = String::from_utf8_lossy(&reply.body).into_owned();
    (reply.status.as_u16(), body, layers, reply.tokens(&ALLOW))
}

/// Compares the responses to OPTIONS and to a method that is not served, with `Origin` and without.
async fn same_as_in_axum(ours: &impl App, axums: &impl App, path: &str) {
    for (method, origin) in [
        ("OPTIONS", None),
        ("OPTIONS", Some(APP)),
        ("DELETE", Some(APP)),
        ("GET", Some(APP)),
    ] {
        let sent = || match origin {
            Some(origin) => request(method, path).from(origin),
            None => request(method, path),
        };
        let (ours, axums) = (sent().to(ours).await, sent().to(axums).await);
        assert_eq!(
            visible_parts(&ours),
            visible_parts(&axums),
            "{method} {path}"
        );
    }
}

/// Asserts that preflights do not get `Allow`, except from axum's 405 for a handler without a
/// policy.
async fn preflights_do_not_get_allow(app: &impl App, path: &str) {
    for method in ["GET", "POST", "DELETE"] {
        let reply = preflight(method, path).from(APP).to(app).await;
        if matches!(reply.status.as_u16(), 204 | 403) {
            reply.lacks(&ALLOW);
        }
    }
}

/// Compares a router of this crate with a router of axum. `R` and `r` are the router and the
/// routing functions. `list` is annotated or plain.
macro_rules! compare {
    ($($name:ident, $path:literal: |$router:ident, $routing:ident, $list:ident| $shape:expr;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let ours: Router = {
                    use list as $list;
                    use cors_runtime::axum::{Router as $router, routing as $routing};
                    $shape
                };
                let axums: axum::Router = {
                    use plain as $list;
                    use axum::{Router as $router, routing as $routing};
                    $shape
                };
                same_as_in_axum(&ours, &axums, $path).await;
                same_as_in_axum(&axum::Router::from(ours.clone()), &axums, $path).await;
                preflights_do_not_get_allow(&ours, $path).await;
            }
        )*
    };
}

compare! {
    a_path_without_options_answers_405, "/items": |R, r, list| R::new()
        .route("/items", r::get(list));
    several_methods_are_allowed, "/items": |R, r, list| R::new()
        .route("/items", r::post(list).get(plain).put(list));
    the_users_options_answers, "/items": |R, r, list| R::new()
        .route("/items", r::get(list).options(options));
    the_users_annotated_options_answers, "/items": |R, r, list| R::new()
        .route("/items", r::options(list).get(list));
    options_among_several_methods_answers, "/items": |R, r, list| R::new()
        .route("/items", r::on(MethodFilter::GET.or(MethodFilter::OPTIONS), list));
    the_users_options_answers_wherever_it_is_added, "/items": |R, r, list| R::new()
        .merge(R::new().route("/items", r::options(options)))
        .route("/items", r::get(list));

    a_layer_sees_it, "/items": |R, r, list| R::new()
        .route("/items", r::get(list)).layer(mark!("a"));
    layers_see_it_in_their_order, "/items": |R, r, list| R::new()
        .route("/items", r::get(list)).layer(mark!("a")).layer(mark!("b"));
    a_layer_around_one_of_two_registrations_sees_it, "/items": |R, r, list| R::new()
        .route("/items", r::get(list)).layer(mark!("a"))
        .route("/items", r::post(list)).layer(mark!("b"));
    a_layer_before_the_route_does_not_see_it, "/items": |R, r, list| R::new()
        .layer(mark!("a")).route("/items", r::get(list));
    a_route_layer_of_the_router_sees_it, "/items": |R, r, list| R::new()
        .route("/items", r::get(list)).route_layer(mark!("a"));
    a_layer_of_the_method_router_sees_it, "/items": |R, r, list| R::new()
        .route("/items", r::get(list).layer(mark!("a")));
    a_layer_of_the_method_router_covers_what_was_added_before, "/items": |R, r, list| R::new()
        .route("/items", r::get(list).layer(mark!("a")).put(list));
    a_route_layer_of_the_method_router_does_not_see_it, "/items": |R, r, list| R::new()
        .route("/items", r::get(list).route_layer(mark!("a")));
    layers_of_merged_method_routers_see_it, "/items": |R, r, list| R::new()
        .route("/items", r::get(list).layer(mark!("a")).merge(r::put(list).layer(mark!("b"))));
    a_layer_of_a_nested_router_sees_it, "/in/items": |R, r, list| R::new()
        .nest("/in", R::new().route("/items", r::get(list)).layer(mark!("a"))).layer(mark!("b"));
    layers_of_merged_routers_see_it, "/items": |R, r, list| R::new()
        .route("/items", r::get(list)).layer(mark!("a"))
        .merge(R::new().route("/items", r::post(list)).layer(mark!("b")));
    the_layer_of_a_plain_sibling_sees_it, "/items": |R, r, list| R::new()
        .route("/items", r::post(plain)).layer(mark!("b"))
        .merge(R::new().route("/items", r::get(list)).layer(mark!("a")));

    a_method_fallback_answers, "/items": |R, r, list| R::new()
        .route("/items", r::get(list)).method_not_allowed_fallback(first);
    a_later_method_fallback_does_not_replace_an_earlier_one, "/items": |R, r, list| R::new()
        .route("/items", r::get(list))
        .method_not_allowed_fallback(first).method_not_allowed_fallback(second);
    an_outer_method_fallback_does_not_replace_an_inner_one, "/in/items": |R, r, list| R::new()
        .nest("/in", R::new().route("/items", r::get(list)).method_not_allowed_fallback(first))
        .method_not_allowed_fallback(second);
    an_outer_method_fallback_covers_a_nested_router, "/in/items": |R, r, list| R::new()
        .nest("/in", R::new().route("/items", r::get(list)))
        .method_not_allowed_fallback(second);
    a_method_fallback_does_not_cover_what_is_added_later, "/items": |R, r, list| R::new()
        .method_not_allowed_fallback(first).route("/items", r::get(list));
    the_method_fallback_of_a_merged_router_answers, "/items": |R, r, list| R::new()
        .route("/items", r::get(list))
        .merge(R::new().route("/items", r::post(list)).method_not_allowed_fallback(first));
    the_method_fallback_of_the_first_router_answers, "/items": |R, r, list| R::new()
        .route("/items", r::get(list)).method_not_allowed_fallback(first)
        .merge(R::new().route("/items", r::post(list)));
    a_method_fallback_is_outside_of_earlier_layers, "/items": |R, r, list| R::new()
        .route("/items", r::get(list)).layer(mark!("a"))
        .method_not_allowed_fallback(first).layer(mark!("b"));
    the_fallback_of_the_method_router_answers, "/items": |R, r, list| R::new()
        .route("/items", r::get(list).fallback(second)).method_not_allowed_fallback(first);
    a_fallback_of_the_method_router_that_says_405_answers, "/items": |R, r, list| R::new()
        .route("/items", r::get(list).fallback(first)).layer(mark!("a"));
    an_annotated_fallback_of_the_method_router_answers, "/items": |R, r, list| R::new()
        .route("/items", r::get(plain).fallback(list));
    the_fallback_of_the_router_does_not_answer, "/items": |R, r, list| R::new()
        .route("/items", r::get(list)).fallback(second);
    any_answers_it, "/items": |R, r, list| R::new()
        .route("/items", r::any(list)).layer(mark!("a"));
    a_plain_any_beside_it_answers_it, "/items": |R, r, list| R::new()
        .route("/items", r::any(second).get(list));
    an_unknown_path_is_unknown, "/unknown": |R, r, list| R::new()
        .route("/items", r::get(list)).layer(mark!("a")).route_layer(mark!("b"));
}

#[tokio::test]
async fn an_annotated_options_has_its_own_policy() {
    let app: Router = Router::new().route("/items", get(list).options(annotated_options));
    let reply = request("OPTIONS", "/items").from(ADMIN).to(&app).await;
    reply.is(200).has_body("options").allows(ADMIN);
    let reply = request("OPTIONS", "/items").from(APP).to(&app).await;
    reply.is(200).has_body("options").is_denied();
    let reply = preflight("GET", "/items").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP).methods(&["GET"]);
    let reply = preflight("OPTIONS", "/items").from(ADMIN).to(&app).await;
    reply.is_allowed_preflight(ADMIN).methods(&["OPTIONS"]);
    preflight("GET", "/items")
        .from(ADMIN)
        .to(&app)
        .await
        .is_refused_preflight();
}

#[tokio::test]
async fn a_plain_options_has_no_policy() {
    let app: Router = Router::new().route("/items", get(list).options(options));
    for origin in [APP, STRANGER] {
        let reply = request("OPTIONS", "/items").from(origin).to(&app).await;
        reply.is(200).has_body("options").is_without_policy();
    }
    let reply = preflight("GET", "/items").from(APP).to(&app).await;
    reply.is_allowed_preflight(APP);
    let reply = preflight("OPTIONS", "/items").from(APP).to(&app).await;
    reply.is(200).has_body("options").is_without_policy();
}

#[tokio::test]
async fn options_that_is_not_served_is_a_405_with_the_headers_of_the_path() {
    let app: Router = Router::new().route("/items", get(list));
    let reply = request("OPTIONS", "/items").from(APP).to(&app).await;
    reply.is(405).allows(APP).lists(&ALLOW, &["GET", "HEAD"]);
    let reply = request("OPTIONS", "/items").from(STRANGER).to(&app).await;
    reply.is(405).is_denied();
}

#[tokio::test]
async fn the_order_of_allow_is_the_same_as_in_axum() {
    let ours: Router = Router::new().route("/items", routing::post(list).get(plain));
    let axums = axum::Router::new().route("/items", plainly::post(plain).get(plain));
    for method in ["DELETE", "OPTIONS"] {
        let axums = request(method, "/items").to(&axums).await;
        let ours = request(method, "/items").to(&ours).await;
        assert_eq!(ours.lines(&ALLOW), axums.lines(&ALLOW), "{method}");
    }
}
