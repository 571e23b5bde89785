//! The policies, for each crate.

use std::time::Duration;

use cors_runtime::{OriginList, Policy, PolicyBuilder, RequestHead, policy};
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Method};
use tower_http::cors::CorsLayer;

pub(crate) const ORIGINS: [&str; 3] = [
    "https://app.example.com",
    "https://admin.example.com",
    "https://www.example.com",
];

pub(crate) static EXACT: Policy = policy! {
    origins = ["https://app.example.com", "https://admin.example.com", "https://www.example.com"],
    methods = [PUT, DELETE],
    headers = ["content-type", "x-csrf-token"],
    expose = ["x-request-id"],
    max_age = "10m",
    credentials,
};

/// Declares policies that differ in their origins. They do not allow credentials.
macro_rules! policies {
    ($($name:ident = $origins:tt;)*) => {$(
        pub(crate) static $name: Policy = policy! {
            origins = $origins,
            methods = [PUT, DELETE],
            headers = ["content-type", "x-csrf-token"],
            expose = ["x-request-id"],
            max_age = "10m",
        };
    )*};
}

policies! {
    ANY = "*";
    SUBDOMAINS = ["https://*.example.com"];
    PORTS = ["http://localhost:*"];
    REGEX = [regex(r"https://pr-[0-9]+\.example\.dev")];
    OF_LIST = [LIST];
    OF_FUNCTION = [is_allowed];
}

pub(crate) static LIST: OriginList = OriginList::new();

fn is_allowed(origin: &str, _: &RequestHead<'_>) -> bool {
    ORIGINS.contains(&origin)
}

/// Returns the policy without origins.
pub(crate) fn builder() -> PolicyBuilder {
    Policy::builder()
        .methods(["PUT", "DELETE"])
        .headers(["content-type", "x-csrf-token"])
        .expose(["x-request-id"])
        .max_age(Duration::from_secs(600))
}

/// Returns the policy without origins.
pub(crate) fn tower_http() -> CorsLayer {
    CorsLayer::new()
        .allow_methods([Method::PUT, Method::DELETE])
        .allow_headers([CONTENT_TYPE, HeaderName::from_static("x-csrf-token")])
        .expose_headers([HeaderName::from_static("x-request-id")])
        .max_age(Duration::from_secs(600))
}

/// Returns [`EXACT`].
pub(crate) fn tower_http_exact() -> CorsLayer {
    let origins = ORIGINS.map(HeaderValue::from_static);
    tower_http().allow_origin(origins).allow_credentials(true)
}

/// Returns [`EXACT`].
pub(crate) fn actix_cors() -> actix_cors::Cors {
    let [app, admin, www] = ORIGINS;
    actix_cors::Cors::default()
        .allowed_origin(app)
        .allowed_origin(admin)
        .allowed_origin(www)
        .allowed_methods(["PUT", "DELETE"])
        .allowed_headers(["content-type", "x-csrf-token"])
        .expose_headers(["x-request-id"])
        .supports_credentials()
        .max_age(600)
}
