//! CORS for actix-web 4: [`cors`] on a handler, [`resource`](resource()) for those who register
//! without route macros, and [`Cors`] around auth.
//!
//! ```
//! use actix_web::{App, get, post, web};
//! use cors_runtime::actix_web::{Cors, cors};
//!
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! #[get("/items")]
//! async fn list() -> &'static str {
//!     "items"
//! }
//!
//! #[cors(origins = ["https://admin.example.com"], headers = ["content-type"], credentials)]
//! #[post("/items")]
//! async fn create(name: web::Json<String>) -> String {
//!     name.into_inner()
//! }
//!
//! # let auth = actix_web::middleware::Condition::new(false, actix_web::middleware::DefaultHeaders::new());
//! let app = App::new()
//!     .service(list)
//!     .service(create)
//!     .wrap(auth)
//!     .wrap(Cors::outermost()); // behind every `.wrap(auth)`: the last one is the outermost
//! # let _ = app;
//! ```
//!
//! # Who answers a preflight
//!
//! The handler that would serve the actual request, as actix-web routes it; if nobody with a policy
//! does on that path, it is refused. What other handlers an app has, actix-web tells nobody. So:
//!
//! - A plain route macro beside an annotated one is not known: preflights for its method are
//!   refused. One in front of it whose pattern is more special (`/items/special` in front of
//!   `/items/{id}`) takes the paths that it matches: preflights for them are refused. A
//!   `#[options]` without a policy takes the preflights of what is registered behind it.
//! - A POST without a policy is not known either, so nothing keeps a browser from using there what
//!   it learnt about headers on the same path. `#[cors(disabled)]` on it makes it known.
//!   [`resource`](resource()) knows all of its handlers.
//! - A guard is asked with what the preflight has. One that wants a header of the actual request
//!   refuses it.
//! - HEAD is not served by GET here, unlike in axum; a preflight for it is answered by GET's policy
//!   all the same.
//!
//! # Outside of auth
//!
//! [`Cors::outermost`] answers only where it is sure, and otherwise lets the preflight in, where
//! auth refuses it. It is not sure where guards decide, since they are code of yours; where a
//! catch-all stands in front of the annotated handlers; and where a middleware further in rewrites
//! paths. Two scopes of one path, told apart by guards, are found where the second one has a
//! handler with a policy; if only the first one has, **preflights for the second one are answered
//! as for the first**. What a handler answers then is not readable under that policy, but a page
//! may send what the policy allows. In that case put it on the first scope, whose guards then have
//! been asked, and on no other one of that path.
//!
//! Of two that stand around each other the outermost answers the preflights. A policy further in
//! that refuses the origin refuses the request, then: 403.

mod cors;
mod handler;
mod middleware;
mod resource;
mod resource_service;
mod route_macro;
mod routes;
mod view;

#[doc = include_str!("../cors_actix_web.md")]
#[doc = include_str!("../cors_keys.md")]
pub use cors_macros::actix_web as cors;

pub use self::cors::Cors;
pub use self::handler::{Annotation, CorsHandler, MountWithCorsResource, ViaCors, ViaHandler};
pub use self::resource::{Resource, resource};
pub use self::routes::Policies;

/// What the expansion of [`cors`] names. Not public API.
#[doc(hidden)]
#[allow(missing_docs, reason = "named by expansions only")]
pub mod expansion {
    use std::rc::Rc;

    use actix_web::guard::{self, Guard, GuardContext};

    use super::{Annotation, MountWithCorsResource, handler};
    use crate::mounting::HasPolicy;

    pub use super::route_macro::{Route, endpoint, mount, wrap};
    pub use actix_web::dev::{AppService, HttpServiceFactory};

    pub fn guard(guard: impl Fn(&GuardContext<'_>) -> bool + 'static) -> Rc<dyn Guard> {
        Rc::new(guard::fn_guard(guard))
    }

    #[track_caller]
    pub fn annotation<P: HasPolicy>() -> Annotation {
        Annotation::new(P::policy(), P::HANDLER, P::WANTS_CONTENT_TYPE)
    }

    pub fn annotate<P: HasPolicy, F: Future>(
        future: F,
    ) -> impl MountWithCorsResource<Output = F::Output, IntoFuture = F> {
        handler::annotate::<P, F>(future)
    }
}
