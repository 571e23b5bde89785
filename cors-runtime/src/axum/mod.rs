//! CORS for axum: [`cors`] on a handler, and [`routing`] and [`Router`] to mount it.
//!
//! The attribute keeps the name and the arguments of the function. The return type has the policy,
//! so the functions of [`routing`] can read it. axum's own functions do not accept the handler,
//! because they would not answer its preflights.
//!
//! ```
//! use cors_runtime::axum::{Router, cors, routing::get};
//!
//! #[cors(origins = ["https://app.example.com"])]
//! async fn list() -> &'static str {
//!     "items"
//! }
//!
//! let app: Router = Router::new().route("/items", get(list));
//! ```
//!
//! A policy is attached to its endpoint, and axum does all routing. An endpoint that is not known,
//! such as a route of a router of axum's own, has a policy only if [`Router::cors`] sets one.
//!
//! Import items and not this module: `use cors_runtime::axum;` would hide the crate `axum`.
//!
//! # Routers of other crates
//!
//! A router that expects a method router of axum's own takes a converted one, which answers the
//! preflights of its path itself. Layers of that router are outside of CORS and see the preflights,
//! and a path can be added once only. See [`MethodRouter`].
//!
//! - **utoipa-axum**: see the module `utoipa`, with the feature `utoipa`. CORS stays outside of the
//!   layers.
//! - **aide**: `.route("/items", axum::routing::MethodRouter::from(get(list)))` on an `ApiRouter`.
//!   aide does not document that route: add `.api_route_docs(..)`. You can also merge the router
//!   that `finish_api` returns into [`Router`].
//! - **Typed paths of axum-extra**: `.route(ItemPath::PATH, get(show))` on [`Router`], where the
//!   first argument of `show` is the `ItemPath`. `typed_get` is a method of axum's own router, and
//!   does not accept an annotated handler.
//!
//! # Limitations
//!
//! The routes of a router of axum's own are not known. Where such a router is merged or nested, and
//! has a handler on the path of an annotated handler:
//!
//! - Preflights for the methods of the other handler are refused, also under [`Router::cors`].
//! - All preflights for an annotated `any` or fallback of the path, and preflights for HEAD, are
//!   refused as well. Add the handler by the names of its methods: `get(list).head(list)`.
//! - Browsers do not cache the preflights of the path.
//! - `Allow` lists OPTIONS, and an OPTIONS request that is not a preflight is answered with a 405,
//!   even if the other router has a fallback for it.
//! - An OPTIONS handler of the other router, and a
//!   [`method_not_allowed_fallback`](Router::method_not_allowed_fallback) after the merge, panic at
//!   start-up.
//!
//! A method router of axum's own may also be added to the path of an annotated handler:
//!
//! - An annotated `any` or fallback panics at start-up.
//! - If it and another handler may serve a method, no policy applies to that method, unless both
//!   have the same default policy. For example, HEAD beside an annotated `get`. If all policies
//!   that may apply have `enforce` and deny a request, the request is refused.
//!
//! Services, converted routers and fallbacks:
//!
//! - A router that contains one of axum's own does not check paths for the syntax of axum 0.7 after
//!   its conversion into axum's router.
//! - [`Router::cors`] answers the preflights of everything inside a service, a method router as a
//!   fallback or a router of axum's own. An inner policy still decides about the responses.
//! - A router that was converted into axum's own has its CORS layers inside of everything that is
//!   added later. For example, an auth layer receives the preflights. Methods that are merged into
//!   its paths later are not known: its `Allow` does not list them, and an `any` with a policy
//!   answers their preflights. Browsers may cache preflights beside a POST handler that is added
//!   later.
//! - A nested router without a fallback of its own does not respond to unmatched paths. So its
//!   default policy does not apply to them.
//! - The fallbacks of a nested router get their CORS layers when it is nested, if their policies
//!   differ or if it holds a router of axum's own. Layers that are added later are outside of them,
//!   and a default policy of an outer router answers their preflights.

mod annotated_handler;
mod handler;
mod hint;
mod layer;
mod method_router;
mod mounts;
mod router;
mod routes;
pub mod routing;
#[cfg(feature = "utoipa")]
pub mod utoipa;
mod without_preflight;

#[doc = include_str!("../cors_axum.md")]
#[doc = include_str!("../cors_keys.md")]
pub use cors_macros::axum as cors;

pub use self::annotated_handler::{AnnotatedHandler, LayeredHandler};
#[doc(hidden)]
pub use self::handler::expansion;
pub use self::handler::{
    Annotation, CorsHandler, MountWithCorsRouting, PlainHandler, ViaCors, ViaHandler,
};
#[doc(hidden)]
pub use self::hint::{IfAnnotatedWithCors, UseRoutingOfCorsRuntime};
pub use self::method_router::MethodRouter;
pub use self::router::Router;
pub use self::routes::Policies;
pub use self::without_preflight::{WithoutPreflight, without_preflight};
