//! Annotated functions with policies that are random in each run.

use std::sync::LazyLock;

use cors_runtime::Policy;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::adapters::Endpoint;
use crate::adapters::annotated::annotated;
use crate::spec::Spec;
use crate::{config, strategies};

/// A random policy, and the methods that its handlers are registered for.
struct Slot {
    spec: Spec,
    registered: Vec<&'static str>,
}

static SLOTS: LazyLock<Vec<Slot>> = LazyLock::new(|| {
    let mut runner = TestRunner::new(config(1));
    let strategy = (strategies::policy(), strategies::registered());
    let slots = std::iter::repeat_with(|| {
        let ((spec, _), registered) = strategy.new_tree(&mut runner).unwrap().current();
        Slot { spec, registered }
    });
    slots.take(SLOT_COUNT).collect()
});

macro_rules! slots {
    ($($slot:ident $policy:ident $index:literal,)*) => {
        const SLOT_COUNT: usize = [$($index),*].len();

        $(
            static $policy: LazyLock<Policy> =
                LazyLock::new(|| SLOTS[$index].spec.build().unwrap());

            annotated!($slot, crate::random::$policy);
        )*

        /// Returns each policy with its endpoints.
        pub(crate) async fn annotated_endpoints() -> Vec<(&'static Spec, Vec<Endpoint>)> {
            let mut all = Vec::new();
            $(
                let Slot { spec, registered } = &SLOTS[$index];
                all.push((spec, $slot::endpoints(registered).await));
            )*
            all
        }
    };
}

slots! {
    one ONE 0,
    two TWO 1,
    three THREE 2,
    four FOUR 3,
    five FIVE 4,
    six SIX 5,
    seven SEVEN 6,
    eight EIGHT 7,
    nine NINE 8,
    ten TEN 9,
}
