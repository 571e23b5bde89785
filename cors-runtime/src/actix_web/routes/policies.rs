//! The annotated handlers of an app, as a table.

use std::fmt::{self, Write as _};

use actix_web::HttpRequest;

use super::annotated_route::{AnnotatedRoute, RegisteredHandler};
use super::registry::Registry;

/// The policies of the annotated handlers of an app: method, path, what the policy allows, the
/// handler, and the place of the policy.
///
/// [`Display`](fmt::Display) writes a plain table, a line for each handler.
///
/// ```
/// use actix_web::{App, HttpRequest, get};
/// use cors_runtime::actix_web::{Policies, cors};
///
/// #[cors(disabled)]
/// #[get("/policies")]
/// async fn policies(request: HttpRequest) -> String {
///     Policies::of(&request).to_string()
/// }
///
/// let app = App::new().service(policies);
/// # let _ = app;
/// ```
///
/// # Limitations
///
/// actix-web does not list the handlers of an app. A handler without `#[cors]` is not in the table,
/// also if a [`Cors::new`](crate::actix_web::Cors::new) covers the handler.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    rows: Vec<[String; COLUMNS.len()]>,
}

const COLUMNS: [&str; 9] = [
    "METHOD",
    "PATH",
    "ORIGINS",
    "CREDENTIALS",
    "HEADERS",
    "EXPOSE",
    "MAX-AGE",
    "HANDLER",
    "POLICY",
];

impl Policies {
    /// Returns the policies of the app that a request came to.
    pub fn of(request: &HttpRequest) -> Self {
        let registry = Registry::of_request(request);
        let routes = registry
            .as_ref()
            .map_or(&[][..], |registry| registry.routes());
        let mut rows = Vec::new();
        for route in routes {
            for (index, handler) in route.handlers.iter().enumerate() {
                let registry = registry.as_deref();
                rows.extend(registry.and_then(|registry| row(registry, route, index, handler)));
            }
        }
        Self { rows }
    }
}

fn row(
    registry: &Registry,
    route: &AnnotatedRoute,
    index: usize,
    handler: &RegisteredHandler,
) -> Option<[String; COLUMNS.len()]> {
    let annotation = handler.annotation()?;
    let policy = annotation.policy;
    let max_age = if registry.forbids_caching(route, index, policy) {
        Some("0")
    } else {
        policy.0.max_age
    };
    let methods = handler.methods().map(|methods| methods.join(" "));
    Some([
        methods.unwrap_or_else(|| "any".to_owned()),
        route.pattern.written(),
        policy.0.origins.to_list(),
        if policy.credentials() { "yes" } else { "no" }.to_owned(),
        policy.allow_headers().unwrap_or("-").to_owned(),
        policy.0.expose.unwrap_or("-").to_owned(),
        max_age.unwrap_or("-").to_owned(),
        annotation.handler.to_owned(),
        policy.location().to_owned(),
    ])
}

impl fmt::Display for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = COLUMNS.map(str::to_owned);
        let lines = || std::iter::once(&head).chain(&self.rows);
        let width = |column: usize| lines().map(|line| line[column].len()).max();
        for line in lines() {
            let mut text = String::new();
            for (column, cell) in line.iter().enumerate() {
                let width = width(column).unwrap_or_default();
                write!(text, "{cell:width$}  ")?;
            }
            writeln!(f, "{}", text.trim_end())?;
        }
        f.write_str("(annotated handlers only)")
    }
}
