//! Finds the endpoint of a request before actix-web routes the request, where the endpoint is
//! certain.

use std::borrow::Cow;
use std::ptr;
use std::rc::Rc;

use actix_web::dev::ResourceMap;

use super::annotated_route::{AnnotatedRoute, first_pattern};
use super::pattern::PathMatch;
use super::registry::Registry;
use crate::policy::Policy;

/// The endpoint of a request, as far as it is known.
pub(crate) enum RouteMatch {
    /// An annotated handler serves the request, by its index in the route.
    Annotated(Rc<AnnotatedRoute>, usize),
    /// A resource serves the path, but not the method.
    NotServed(Rc<AnnotatedRoute>),
    /// No annotated handler serves the method, on a path with annotated handlers. A plain handler
    /// with a route macro may serve it.
    MaybePlain,
    /// No annotated handler serves the request.
    Plain,
    /// The endpoint depends on guards, on plain handlers or on a middleware that rewrites the path.
    Unsure,
}

/// A request, as received by a middleware.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) root: &'a ResourceMap,
    pub(crate) path: &'a str,
    /// The length of the path that the outer scopes take.
    pub(crate) taken: usize,
    pub(crate) method: &'a str,
}

/// Finds the endpoint of a request.
pub(crate) fn match_route(registry: &Registry, target: Target<'_>) -> RouteMatch {
    let (start, is_own) = match Start::find(registry, target) {
        Start::Annotated(first) => (first, true),
        Start::Beside(first) => (first, false),
        Start::Foreign if may_serve(registry, target) => return RouteMatch::Unsure,
        Start::Foreign => return RouteMatch::Plain,
    };
    if is_rewritable(target, &start) {
        return RouteMatch::Unsure;
    }
    match start.pattern.scopes_len(target.path) {
        // The first resource of the path inside of the scope is unknown.
        Some(len) if len < target.taken && !may_serve(registry, target) => {
            return RouteMatch::Plain;
        }
        Some(len) if len < target.taken => return RouteMatch::Unsure,
        None if target.taken > 0 || !is_own => return RouteMatch::Unsure,
        _ => {}
    }
    let routes = registry.routes();
    let found = walk(routes, &start, is_own, target);
    let is_unsure = match &found {
        RouteMatch::Annotated(route, handler) => {
            has_rival(routes, route, route.policy(*handler), target)
        }
        RouteMatch::NotServed(route) => has_rival(routes, route, None, target),
        RouteMatch::MaybePlain | RouteMatch::Plain => may_serve(registry, target),
        RouteMatch::Unsure => true,
    };
    if is_unsure { RouteMatch::Unsure } else { found }
}

/// The resource that a path matches first.
enum Start {
    Annotated(Rc<AnnotatedRoute>),
    /// A plain route macro with the same pattern as this annotated route.
    Beside(Rc<AnnotatedRoute>),
    /// Another resource, or no resource.
    Foreign,
}

impl Start {
    fn find(registry: &Registry, Target { root, path, .. }: Target<'_>) -> Self {
        if let Some(first) = registry.first_of(root, path) {
            return Self::Annotated(Rc::clone(first));
        }
        // A resource of actix-web without a name serves every method of its path.
        if root.match_name(path).is_none() {
            return Self::Foreign;
        }
        let pattern = first_pattern(root, path).unwrap_or_default();
        let mut beside = registry.by_pattern(&pattern).iter();
        match beside.find(|route| route.is_reached(root, path)) {
            Some(route) => Self::Beside(Rc::clone(route)),
            None => Self::Foreign,
        }
    }
}

/// Tries the annotated routes in the order of their registration, as actix-web does. actix-web does
/// not leave a scope once the path has led to it.
fn walk(
    routes: &[Rc<AnnotatedRoute>],
    start: &Rc<AnnotatedRoute>,
    is_own: bool,
    target: Target<'_>,
) -> RouteMatch {
    let Target {
        root, path, method, ..
    } = target;
    let mut depth = Depth::of(start, path);
    // A scope that the path leads to, without a handler for the path so far. Its default service
    // may serve the request.
    let mut entered: Option<Depth> = None;
    let is_start = |route: &Rc<AnnotatedRoute>| is_own && Rc::ptr_eq(route, start);
    let begin = routes.iter().position(is_start).unwrap_or(0);
    for route in routes.iter().skip(begin) {
        let route_depth = Depth::of(route, path);
        let is_match = is_start(route) || route.pattern.matches(path) != PathMatch::No;
        if !is_match && route_depth > depth && route_depth.len.is_some() {
            entered = Some(Depth::of(route, path));
        }
        let takes_path = is_match && (route.owns_path || route.serves(method).is_some());
        if is_start(route) || (route_depth >= depth && route.is_reached(root, path)) {
            depth = route_depth;
        } else if takes_path && route_depth >= depth {
            return RouteMatch::Unsure;
        } else {
            continue;
        }
        if takes_path {
            return match entered {
                Some(entered) if Depth::of(route, path) < entered => RouteMatch::Unsure,
                _ => match_method(route, method),
            };
        }
    }
    match entered {
        // Plain handlers of the scope, or its default service.
        Some(_) => RouteMatch::Plain,
        None => RouteMatch::MaybePlain,
    }
}

/// The length of the path that scopes take. An unknown length sorts first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Depth {
    is_in_scope: bool,
    len: Option<usize>,
}

impl Depth {
    fn of(route: &AnnotatedRoute, path: &str) -> Self {
        Self {
            is_in_scope: !route.is_in_app(),
            len: route.pattern.scopes_len(path),
        }
    }
}

/// Finds the handler of a route that serves a path.
fn match_method(route: &Rc<AnnotatedRoute>, method: &str) -> RouteMatch {
    if !route.guards.is_empty() {
        return RouteMatch::Unsure;
    }
    match route.serves(method) {
        Some(handler) if route.policy(handler).is_some() => {
            RouteMatch::Annotated(Rc::clone(route), handler)
        }
        Some(_) => RouteMatch::Plain,
        None => RouteMatch::NotServed(Rc::clone(route)),
    }
}

/// Returns whether the guards of scopes may lead to an annotated handler with another policy.
fn has_rival(
    routes: &[Rc<AnnotatedRoute>],
    found: &AnnotatedRoute,
    policy: Option<&Policy>,
    target: Target<'_>,
) -> bool {
    let Target {
        root, path, method, ..
    } = target;
    let is_rival = |route: &Rc<AnnotatedRoute>| {
        let serves = route.serves(method);
        let other = serves.and_then(|handler| route.policy(handler));
        let is_other = other.is_some_and(|other| policy.is_none_or(|own| !ptr::eq(other, own)));
        is_other
            && route.pattern.matches(path) != PathMatch::No
            && (route.is_in_app()
                || !route.is_reached(root, path)
                // In one scope, the second route with the same pattern and method would never be
                // reached.
                || route.pattern.full() == found.pattern.full())
    };
    !found.is_in_app() && routes.iter().any(is_rival)
}

/// Returns whether an annotated handler may serve the request, now or after a middleware such as
/// `NormalizePath` has rewritten the path.
fn may_serve(registry: &Registry, Target { path, method, .. }: Target<'_>) -> bool {
    let paths = possible_paths(path);
    let may_serve = |route: &Rc<AnnotatedRoute>| {
        let mut paths = paths.iter();
        paths.any(|path| route.may_serve(path, method))
    };
    registry.routes().iter().any(may_serve)
}

/// Returns whether an annotated handler may serve a path.
pub(crate) fn may_match(registry: &Registry, path: &str) -> bool {
    let paths = possible_paths(path);
    let mut routes = registry.routes().iter();
    routes.any(|route| paths.iter().any(|path| route.may_match(path)))
}

/// Returns the policies of the annotated handlers that may serve a request, and those of the
/// resources that may respond with a 405.
pub(crate) fn possible_policies(
    registry: &Registry,
    path: &str,
    method: &str,
) -> impl Iterator<Item = &'static Policy> {
    let paths = possible_paths(path);
    let routes = registry.routes().iter();
    let routes = routes.filter(move |route| paths.iter().any(|path| route.may_match(path)));
    routes.flat_map(move |route| {
        let handler = route.serves(method);
        let policies = route.each_policy().enumerate();
        let policies = policies.filter(move |(index, _)| match handler {
            Some(handler) => *index == handler,
            None => route.owns_path,
        });
        policies.filter_map(|(_, policy)| policy)
    })
}

/// Returns a path, and the paths to which `NormalizePath` may rewrite it.
fn possible_paths(path: &str) -> [Cow<'_, str>; 3] {
    let normalized = normalized(path);
    let with_slash = format!("{normalized}/");
    [path.into(), normalized, with_slash.into()]
}

/// Returns whether `NormalizePath` may lead the path to another resource.
fn is_rewritable(Target { root, path, .. }: Target<'_>, first: &AnnotatedRoute) -> bool {
    let trimmed = path.strip_suffix('/').filter(|trimmed| !trimmed.is_empty());
    path.contains("//")
        || trimmed.is_some_and(|it| !first.pattern.ends_in_slash() || root.has_resource(it))
}

fn normalized(path: &str) -> Cow<'_, str> {
    if !path.contains("//") && !path.ends_with('/') {
        return Cow::Borrowed(path);
    }
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    Cow::Owned(segments.fold(String::new(), |path, segment| path + "/" + segment))
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn normalized_paths_have_single_slashes() {
        assert_eq!(normalized("/a/b"), "/a/b");
        assert_eq!(normalized("//a//b/"), "/a/b");
        assert_eq!(normalized("/"), "");
    }
}
