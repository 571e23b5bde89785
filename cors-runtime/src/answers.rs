//! From the policies that cannot judge a request yet to the request that they can judge.

use std::future::Future;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll};

use crate::ask::{Asks, Question};
use crate::denial::Denial;
use crate::origin;
use crate::policy::{Origins, Policy};
use crate::request::RequestView;

/// What was asked before a request is judged, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<(Asks, Result<(), Denial>)>);

impl Answers {
    pub(crate) fn of(&self, asks: Asks) -> Option<Result<(), Denial>> {
        // Each entry is a `static` of its own: no two policies have the same ones.
        let mut answers = self.0.iter();
        let answer = answers.find(|(asked, _)| ptr::eq(*asked, asks));
        answer.map(|(_, answer)| *answer)
    }
}

/// The policies that cannot judge a request before somebody was asked.
#[derive(Default)]
pub(crate) struct Open(Vec<(Asks, &'static str)>);

impl Open {
    pub(crate) fn of<'a>(
        policies: impl IntoIterator<Item = &'a Policy>,
        request: &impl RequestView,
    ) -> Self {
        let mut open = Self::default();
        for policy in policies {
            if let Origins::List { asks, .. } = &policy.0.origins
                && !asks.is_empty()
                && origin::allow(policy, request) == Err(Denial::NotAsked)
            {
                open.0.push((asks, policy.location()));
            }
        }
        open
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Asks. Nothing of the request is borrowed.
    pub(crate) fn ask(self, request: &impl RequestView) -> Asking {
        if self.is_empty() {
            return Asking(None);
        }
        let question = Question::about(request);
        Asking(Some(Box::pin(async move {
            let mut answers = Vec::with_capacity(self.0.len());
            for (asks, location) in self.0 {
                answers.push((asks, first_yes(asks, &question, location).await));
            }
            Answers(answers)
        })))
    }
}

/// One after the other, until one says yes.
async fn first_yes(asks: Asks, question: &Question, location: &'static str) -> Result<(), Denial> {
    let mut denial = Denial::Origin;
    for ask in asks {
        match ask.answer(question.clone(), location).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(failure) => denial = failure,
        }
    }
    Err(denial)
}

/// The answers to come; at once where there was nothing to ask.
pub struct Asking(Option<Pin<Box<dyn Future<Output = Answers> + Send>>>);

impl Future for Asking {
    type Output = Answers;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answers> {
        match &mut self.0 {
            Some(asking) => asking.as_mut().poll(cx),
            None => Poll::Ready(Answers::default()),
        }
    }
}

/// A request after somebody was asked about its origin.
pub(crate) struct Answered<'a, R> {
    pub(crate) request: &'a R,
    pub(crate) answers: &'a Answers,
}

impl<R: RequestView> RequestView for Answered<'_, R> {
    type Value = R::Value;

    fn method(&self) -> &str {
        self.request.method()
    }

    fn path(&self) -> &str {
        self.request.path()
    }

    fn uri_authority(&self) -> Option<&str> {
        self.request.uri_authority()
    }

    fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.request.lines(name)
    }

    fn origin_value(&self) -> Option<R::Value> {
        self.request.origin_value()
    }

    fn answer(&self, asks: Asks) -> Option<Result<(), Denial>> {
        self.answers.of(asks)
    }
}
