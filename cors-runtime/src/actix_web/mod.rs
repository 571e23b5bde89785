//! CORS for actix-web 4: [`cors`] on a handler, [`resource`](resource()) for handlers without route
//! macros, and the middleware [`Cors`] outside of auth.
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
//! # use actix_web::middleware::{Condition, DefaultHeaders};
//! # let auth = Condition::new(false, DefaultHeaders::new());
//! let app = App::new()
//!     .service(list)
//!     .service(create)
//!     .wrap(auth)
//!     .wrap(Cors::outermost()); // after every `.wrap(auth)`: the last one runs first
//! # let _ = app;
//! ```
//!
//! # Preflights
//!
//! An annotated handler is one service of the app. Its guard accepts the methods of the handler and
//! the preflights for these methods, so actix-web routes a preflight as it routes the actual
//! request. For example, `#[get("/users/{id}")]` leaves both the POST to `/users/login` and its
//! preflight to the next service. Your own guards run for a preflight as well. A preflight does not
//! contain the headers of the actual request.
//!
//! If no handler with a policy serves the method, a [`resource`](resource()), [`Cors::outermost`]
//! and [`Cors::new`] refuse the preflight with a 403. Without them, actix-web answers it as any
//! other request without a service, with a 404. HEAD is not served by GET in actix-web. Neither is
//! the preflight for HEAD.
//!
//! # Outside of auth
//!
//! [`Cors::outermost`] and [`Cors::new`] answer a preflight before inner middlewares run, if the
//! endpoint is certain. Otherwise they pass the preflight on: auth refuses it, or the handler
//! answers it. The endpoint is certain if
//!
//! - the path leads to an annotated handler first, or to a plain route macro of the same pattern;
//! - that handler, or the next annotated one in the same scope, serves the method;
//! - the handler does not have a guard of yours, and the guards of scopes cannot lead to another
//!   annotated handler;
//! - the path does not contain `//`, and does not end with a `/` that the pattern lacks, since
//!   [`NormalizePath`](actix_web::middleware::NormalizePath) would rewrite such a path.
//!
//! They do not add headers to an actual request that an annotated handler serves, because the
//! handler's own policy adds them. If a middleware responds in place of the handler, they add the
//! headers of the handler's policy to a 401, 403, 407, 408, 413, 429 or 5xx. A default service may
//! have made another response, which therefore gets no headers.
//!
//! A default policy with `enforce` also decides requests whose endpoint is not certain: it refuses
//! what it denies, unless it denies only the origin and an annotated handler that may serve the
//! request allows that origin without an `ask(..)`.
//!
//! If [`Cors`] are nested, the outermost answers the preflights. An inner policy that denies the
//! origin then refuses the request with 403.
//!
//! # Limitations
//!
//! actix-web does not list the services of an app. Its tree of paths shows the first resource that
//! matches a path, without methods and guards. The following limitations do not make a response
//! readable, except for an [error of a middleware](crate::guide::limitations#errors-that-are-readable)
//! on the path of an annotated handler.
//!
//! A preflight is **refused** although an annotated handler would serve the request:
//!
//! - if a plain handler of another pattern matches the path first, also for another method:
//!   `#[put("/items/special")]` before an annotated `#[get("/items/{id}")]`;
//! - if the first of several scopes of one prefix, which differ by guards, does not have the path.
//!
//! A preflight is **allowed** although a plain handler serves the request, or none:
//!
//! - if a plain handler has the path and method of an annotated handler, and only a guard
//!   distinguishes the two;
//! - if the plain handler, or a scope without annotated handlers, is not the first resource of the
//!   path. For example, an annotated `#[get("/x/{x}")]` comes first, then a plain `#[put("/x/a")]`,
//!   then an annotated `#[put("/x/{x}")]`;
//! - under a [`Cors`] outside of several scopes with the same prefix and different guards, or
//!   outside of a scope whose guard fails. Add [`Cors::outermost`] to each of the scopes instead;
//! - under a [`Cors`] outside of a middleware of yours that rewrites paths. Add such a middleware
//!   after the [`Cors`], so that the middleware runs first. With
//!   [`NormalizePath`](actix_web::middleware::NormalizePath), only a path without a resource after
//!   the normalization is allowed.
//!
//! Annotate each handler that shares a path and method with an annotated one; `#[cors(disabled)]`
//! is enough. Annotate each POST on the path of an annotated handler as well: browsers cache header
//! names without the method, and only an annotated POST prevents that.
//!
//! Further limits:
//!
//! - [`Cors::new`] with `enforce` does not refuse a request for a plain handler that shares path
//!   and method with an annotated handler in a scope, if the guard of that scope fails.
//! - `HttpRequest::match_name` and `match_pattern` search by path in an annotated handler, as
//!   actix-web did before 4.14. They return the first resource of the path. The result differs only
//!   if patterns overlap, or if two handlers of one path have different names.
//! - [`Cors::new`] may not add the headers of the default policy to the response of a plain handler
//!   at the path of a scope that has an annotated handler at the same path.
//! - The name of a [`resource`](resource()) without a given name is its pattern.
//! - A plain `#[options]` takes the preflights of handlers that are registered after it.

mod cors;
mod handler;
mod hint;
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
#[doc(hidden)]
pub use self::hint::{IfAnnotatedWithCors, UseResourceOfCorsRuntime};
pub use self::resource::{Resource, resource};
pub use self::routes::Policies;

/// The items that the expansion of [`cors`] uses. Not public API.
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
