//! The guide.
//!
//! Frameworks:
//!
//! - [`axum`]: routers, nesting, default policies, OpenAPI.
//! - [`actix_web`]: route macros, resources, auth.
//! - [`services`]: hyper, tower and Lambda.
//!
//! Topics:
//!
//! - [`policies`]: several handlers under one policy, default policies, policies from a
//!   configuration.
//! - [`origins`]: origins that are known at run time only.
//! - [`preflights`]: preflights and errors, with a picture of a request's way.
//! - [`testing`](crate::testing): how to test your CORS set-up.
//! - [`security`]: protection from CORS, and from other attacks.
//! - [`limitations`]: all limitations on one page.
//! - [`mistakes`]: incorrect examples, with their messages.
//! - [`faq`]: questions and answers.
//! - [`performance`](crate::performance): measurements.
//! - [`recipes`](crate::recipes) and [`rules`](crate::rules).
//!
//! Coming from another library:
//!
//! - [`from_tower_http`]
//! - [`from_actix_cors`]
//! - [`from_elsewhere`]: rweb, Spring, Flask, Express and nginx.

/// The examples of a page are doc tests, and need features. Without the features, only the doc
/// tests are left out.
macro_rules! pages {
    ($($name:ident $($feature:literal)*;)*) => {
        $(
            #[cfg_attr(
                any(all($(feature = $feature),*), not(doctest)),
                doc = include_str!(concat!(stringify!($name), ".md"))
            )]
            pub mod $name {}
        )*
    };
}

pages! {
    axum "axum" "tower" "utoipa";
    actix_web "actix-web";
    services "tower";
    policies "axum" "builder" "serde";
    origins "ask" "axum" "builder";
    preflights "axum";
    security "axum";
    limitations "actix-web" "axum" "tower";
    mistakes "axum";
    faq "axum";
    from_tower_http "axum" "builder" "tower";
    from_actix_cors "actix-web" "builder";
    from_elsewhere "axum";
}
