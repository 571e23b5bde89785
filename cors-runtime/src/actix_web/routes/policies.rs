//! The annotated handlers of an app, as a table.

use std::fmt;

use actix_web::HttpRequest;

use super::annotated_route::{AnnotatedRoute, RegisteredHandler};
use super::registry::Registry;
use crate::mounting::{self, PolicyTable, Row};

/// The policies of the annotated handlers of an app: method, path, what the policy allows, the
/// handler, and the place of the policy.
///
/// [`Display`](fmt::Display) writes a plain table, with a line for each handler.
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
pub struct Policies(PolicyTable);

impl Policies {
    /// Returns the policies of the app that received a request.
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
        Self(PolicyTable { rows })
    }
}

fn row(
    registry: &Registry,
    route: &AnnotatedRoute,
    index: usize,
    handler: &RegisteredHandler,
) -> Option<Row> {
    let annotation = handler.annotation()?;
    let policy = annotation.policy;
    let methods = handler.methods().map(|methods| methods.join(" "));
    Some(mounting::row(
        methods.unwrap_or_else(|| "any".to_owned()),
        route.pattern.written(),
        annotation.handler,
        Some(policy),
        registry.forbids_caching(route, index, policy),
    ))
}

impl fmt::Display for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n(annotated handlers only)", self.0)
    }
}
