//! One path with annotated handlers: that of a route macro, or the handlers of a resource.

use std::cell::OnceCell;
use std::ptr;
use std::rc::Rc;

use actix_web::guard::Guard;

use super::pattern::ScopedPattern;
use crate::actix_web::view::MountedPolicy;
use crate::mounting::{Annotation, check_registration};
use crate::policy::Policy;

/// A handler of a path, with its policy if it is annotated.
#[derive(Clone, Debug)]
pub(crate) struct RegisteredHandler {
    /// `None` for every method that no earlier handler serves.
    pub(super) methods: Option<Vec<&'static str>>,
    annotation: Option<Annotation>,
}

impl RegisteredHandler {
    /// # Panics
    ///
    /// Panics as [`check_registration`].
    #[track_caller]
    pub(crate) fn new(methods: Option<Vec<&'static str>>, annotation: Option<Annotation>) -> Self {
        if let Some(annotation) = annotation {
            check_registration(annotation, methods.as_deref());
        }
        Self {
            methods,
            annotation,
        }
    }

    pub(crate) fn policy(&self) -> Option<&'static Policy> {
        self.annotation.map(|annotation| annotation.policy)
    }

    fn serves(&self, method: &str) -> bool {
        let methods = self.methods.as_ref();
        methods.is_none_or(|methods| methods.contains(&method))
    }
}

pub struct AnnotatedRoute {
    pub(crate) pattern: ScopedPattern,
    /// The handlers, in the order in which actix-web tries them.
    pub(super) handlers: Vec<RegisteredHandler>,
    /// The guards of the user, without those for the method.
    pub(crate) guards: Vec<Rc<dyn Guard>>,
    /// Whether only these handlers can serve the path once the guards have passed. Beside a route
    /// macro, plain ones may serve it.
    pub(crate) owns_path: bool,
    /// Made by the registry, once all routes of the app are known.
    pub(super) policies: OnceCell<Vec<Option<MountedPolicy>>>,
}

impl AnnotatedRoute {
    pub(super) fn new(
        pattern: ScopedPattern,
        handlers: Vec<RegisteredHandler>,
        guards: Vec<Rc<dyn Guard>>,
        owns_path: bool,
    ) -> Self {
        Self {
            pattern,
            handlers,
            guards,
            owns_path,
            policies: OnceCell::new(),
        }
    }

    /// Returns the index of the first handler that serves exactly that method.
    pub(crate) fn serves(&self, method: &str) -> Option<usize> {
        self.handlers.iter().position(|it| it.serves(method))
    }

    /// Returns the index of the handler that a preflight for that method is for. HEAD falls back to
    /// GET.
    pub(crate) fn responder(&self, method: &str) -> Option<usize> {
        let get = || (method == "HEAD").then(|| self.serves("GET")).flatten();
        self.serves(method).or_else(get)
    }

    pub(crate) fn policy(&self, handler: usize) -> Option<&'static Policy> {
        self.handlers.get(handler)?.policy()
    }

    /// Returns the policy of the path, if it has one and no other. Its 405 can wait for an
    /// `ask(..)`.
    pub(crate) fn only_policy(&self) -> Option<&'static Policy> {
        let mut policies = self.policies();
        let first = policies.next()?;
        policies.all(|other| ptr::eq(first, other)).then_some(first)
    }

    pub(crate) fn policies(&self) -> impl Iterator<Item = &'static Policy> + Clone {
        self.handlers.iter().filter_map(RegisteredHandler::policy)
    }
}
