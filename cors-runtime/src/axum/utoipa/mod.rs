//! Mirrors of [`OpenApiRouter`](utoipa_axum::router::OpenApiRouter) and `routes!` of
//! [`utoipa_axum`], for annotated handlers and plain ones.
//!
//! Import [`OpenApiRouter`] and [`routes`] from here instead of from `utoipa_axum`. The crate
//! `utoipa` stays a dependency of yours, for `#[utoipa::path]`.
//!
//! ```
//! use axum::Json;
//! use cors_runtime::axum::cors;
//! use cors_runtime::axum::utoipa::{OpenApiRouter, routes};
//!
//! /// Lists the items.
//! #[utoipa::path(get, path = "/items", responses((status = OK, body = [String])))]
//! #[cors(origins = ["https://app.example.com"])]
//! async fn list() -> Json<Vec<String>> {
//!     Json(vec!["tea".to_owned()])
//! }
//!
//! /// Adds an item.
//! #[utoipa::path(post, path = "/items", request_body = String)]
//! #[cors(origins = ["https://admin.example.com"], headers = ["content-type"])]
//! async fn create(Json(name): Json<String>) -> String {
//!     name
//! }
//!
//! let (app, api) = OpenApiRouter::new().routes(routes!(list, create)).split_for_parts();
//! let app: axum::Router = app.into();
//! assert!(api.paths.paths.contains_key("/items"));
//! ```
//!
//! The mirror is needed because a router of axum's own does not hold policies. In
//! [`OpenApiRouter`], CORS is outside of every layer that you add to the router, and the handlers
//! of one path may be added by several calls of [`routes`](OpenApiRouter::routes).
//!
//! Interfaces for `OpenAPI` documents, such as `SwaggerUi` and `Redoc`, convert into routers of
//! axum's own: `app.merge(axum::Router::from(swagger_ui))`.

mod method_router;
mod router;

pub use self::method_router::OpenApiMethodRouter;
pub use self::router::OpenApiRouter;

/// Collects handlers with `#[utoipa::path]` for [`OpenApiRouter::routes`]: annotated handlers and
/// plain ones, all of one path.
///
/// It is [`utoipa_axum::routes!`], with a method router of this crate: see there.
///
/// ```
/// use cors_runtime::axum::cors;
/// use cors_runtime::axum::utoipa::{OpenApiRouter, routes};
///
/// #[utoipa::path(get, path = "/items")]
/// #[cors(origins = ["https://app.example.com"])]
/// async fn list() {}
///
/// #[utoipa::path(delete, path = "/items")]
/// async fn remove() {}
///
/// let router: OpenApiRouter = OpenApiRouter::new().routes(routes!(list, remove));
/// ```
///
/// # Panics
///
/// Panics as [`MethodRouter::on`](super::MethodRouter::on).
#[doc(inline)]
pub use crate::__utoipa_axum_routes as routes;

#[doc(hidden)]
#[macro_export]
macro_rules! __utoipa_axum_routes {
    ($($handlers:tt)+) => {{
        // `utoipa_axum::routes!` adds each handler to an `axum::routing::MethodRouter`, and finds
        // the module `axum` where the macro is called.
        use $crate::axum::utoipa::expansion::axum;
        let (schemas, paths, method_router) =
            $crate::axum::utoipa::expansion::utoipa_axum::routes!($($handlers)+);
        $crate::axum::utoipa::OpenApiMethodRouter::new(schemas, paths, method_router)
    }};
}

/// The items that the expansion of [`routes`] uses. Not public API.
#[doc(hidden)]
pub mod expansion {
    pub use utoipa_axum;

    /// Takes the place of the crate `axum`.
    pub mod axum {
        pub use crate::axum::routing;
    }
}
