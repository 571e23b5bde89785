//! CORS for a whole service: a function from [`http::Request`] to [`http::Response`], for hyper,
//! tower and Lambda.
//!
//! Write [`cors`] above the function that the server calls for every request. The function keeps
//! its signature. It answers preflights without running its body, and adds the CORS headers to the
//! response that its body returns.
//!
//! ```
//! use std::convert::Infallible;
//!
//! use cors_runtime::http::cors;
//! use http::{Request, Response};
//!
//! #[cors(origins = ["https://app.example.com"], methods = [PUT], headers = ["content-type"])]
//! async fn handle(request: Request<String>) -> Result<Response<String>, Infallible> {
//!     Ok(Response::new(format!("you sent {} bytes", request.body().len())))
//! }
//! ```
//!
//! - The request is the last parameter, in any pattern. Other parameters may precede it, also
//!   `&self`.
//! - The function returns `Response<B>` or `Result<Response<B>, E>` with `B: Default`. An `Err` is
//!   returned unchanged, because an error does not have headers.
//! - It is an `async fn`, or a `fn` that returns the response itself.
//! - Without `methods`, the safelisted methods GET, HEAD and POST are allowed.
//!
//! In axum, use [`axum::cors`](crate::axum::cors) instead: `get` would never pass a preflight to a
//! function under this attribute.

mod decide;
#[cfg(any(feature = "axum", feature = "tower"))]
mod future;
mod layers;
mod service;
mod view;

#[doc = include_str!("../cors_http.md")]
#[doc = include_str!("../cors_keys.md")]
pub use cors_macros::http as cors;

pub(crate) use self::decide::{actual, cors_check};
#[cfg(any(feature = "axum", feature = "tower"))]
pub(crate) use self::decide::{cors_check_with, outer_actual};
#[cfg(feature = "axum")]
pub(crate) use self::decide::{first_allowed, not_served, refused_by_all};
#[cfg(feature = "axum")]
pub(crate) use self::future::CallInner;
#[cfg(any(feature = "axum", feature = "tower"))]
pub(crate) use self::future::ServiceFuture;
#[cfg(any(feature = "axum", feature = "tower"))]
pub(crate) use self::layers::Scope;
#[doc(hidden)]
pub use self::service::{AsRequest, EmptyBody, ServiceOutput, expansion};
