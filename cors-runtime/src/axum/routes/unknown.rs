//! Handlers that a method router or a service does not list.

use std::ptr;

use crate::policy::Policy;

/// The handlers of a path that are not known, and their policy. A method router of axum's own or a
/// service contains them.
#[derive(Clone, Debug, Default)]
pub(crate) enum Unknown {
    /// Every handler is known.
    #[default]
    None,
    /// The default policy is not known yet.
    Open,
    /// The default policy of the router applies.
    Under(&'static Policy),
    /// The handlers come from routers with these different default policies, or without one. None
    /// of the policies applies, because the router of a handler is not known.
    Mixed(Vec<Option<&'static Policy>>),
}

impl Unknown {
    pub(crate) fn policy(&self) -> Option<&'static Policy> {
        match self {
            Self::Under(policy) => Some(policy),
            Self::None | Self::Open | Self::Mixed(_) => None,
        }
    }

    /// Returns the policy of each router that may contain a handler, or `None` for a router without
    /// a policy.
    pub(crate) fn candidates(&self) -> impl Iterator<Item = Option<&'static Policy>> + Clone {
        let (one, mixed) = match self {
            Self::None => (None, &[][..]),
            Self::Open => (Some(None), &[][..]),
            Self::Under(policy) => (Some(Some(*policy)), &[][..]),
            Self::Mixed(policies) => (None, &policies[..]),
        };
        one.into_iter().chain(mixed.iter().copied())
    }

    /// Returns whether any of the routers has a policy.
    pub(crate) fn is_covered(&self) -> bool {
        self.candidates().any(|policy| policy.is_some())
    }

    pub(crate) fn is_any(&self) -> bool {
        !matches!(self, Self::None)
    }

    pub(crate) fn under(policy: Option<&'static Policy>) -> Self {
        policy.map_or(Self::Open, Self::Under)
    }

    /// Applies a default policy, unless an inner router has applied one.
    pub(crate) fn cover(&mut self, default: &'static Policy) {
        match self {
            Self::Open => *self = Self::Under(default),
            Self::Mixed(policies) => {
                for policy in policies {
                    *policy = policy.or(Some(default));
                }
            }
            Self::None | Self::Under(_) => {}
        }
    }

    /// Combines the unknown handlers of two registrations of one path.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, unknown) | (unknown, Self::None) => unknown,
            (Self::Open, Self::Open) => Self::Open,
            (Self::Under(one), Self::Under(other)) if ptr::eq(one, other) => Self::Under(one),
            (one, other) => Self::Mixed(one.candidates().chain(other.candidates()).collect()),
        }
    }
}
