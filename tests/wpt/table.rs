//! The answers of a step, in their order.

use crate::case::{Answer, Step};

/// Answers the requests to the first URL until it redirects, and then those to the next one.
pub(crate) struct Table {
    step: Step,
    hop: usize,
}

impl Table {
    pub(crate) fn new(step: &Step) -> Self {
        Self {
            step: step.clone(),
            hop: 0,
        }
    }

    /// Returns whether a request goes to the URL that is next.
    pub(crate) fn is_for(&self, host_and_path: &str) -> bool {
        let url = match self.hop {
            0 => &self.step.request.url,
            hop => self.step.hops[hop - 1].location.as_ref().unwrap(),
        };
        url.ends_with(host_and_path)
    }

    pub(crate) fn answer(&mut self, is_preflight: bool) -> Answer {
        if is_preflight {
            return self.preflight();
        }
        let Some(redirect) = self.step.hops.get(self.hop) else {
            return self.step.response.clone();
        };
        self.hop += 1;
        let mut headers = redirect.headers.clone();
        let location = redirect.location.iter();
        headers.extend(location.map(|location| ("location".to_owned(), location.clone())));
        Answer {
            status: redirect.status,
            headers,
        }
    }

    /// A preflight that the case does not expect fails.
    fn preflight(&self) -> Answer {
        let expected = match self.step.hops.get(self.hop) {
            Some(redirect) => &redirect.preflight,
            None => &self.step.preflight,
        };
        expected.clone().unwrap_or(Answer {
            status: 501,
            headers: Vec::new(),
        })
    }
}
