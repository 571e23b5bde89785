//! Tests of internals: a reader sees a single generation, and old generations are freed.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::thread;

use super::{Entries, OriginList};

const REPLACEMENTS: usize = 100_000;
const READERS: usize = 4;

/// Returns four origins of this generation, and one origin that all generations contain.
fn generation(number: usize) -> Vec<String> {
    let own = (0..4).map(|place| format!("https://g{number}.example{place}.com"));
    own.chain(["https://always.example.com".to_owned()])
        .collect()
}

/// Returns the generation of the entries. Panics if the entries are of several generations.
fn number_of(entries: &Entries) -> usize {
    let own = entries.exact.iter().filter(|it| it.contains("//g"));
    let numbers: HashSet<usize> = own
        .map(|origin| origin["https://g".len()..].split_once('.').unwrap().0)
        .map(|number| number.parse().unwrap())
        .collect();
    assert_eq!((numbers.len(), entries.len()), (1, 5), "a torn list");
    numbers.into_iter().next().unwrap()
}

#[test]
fn four_readers_while_the_list_is_replaced() {
    let list = OriginList::try_from_iter(generation(0)).unwrap();
    let done = AtomicBool::new(false);
    let reads = AtomicUsize::new(0);
    let read = || {
        let mut newest = 0;
        while !done.load(Ordering::Relaxed) {
            let number = list.read(number_of).unwrap();
            assert!(newest <= number, "{number} came back after {newest}");
            newest = number;
            assert!(list.contains("https://always.example.com"));
            assert!(!list.contains("https://never.example.com"));
            reads.fetch_add(1, Ordering::Relaxed);
        }
    };
    let generations: Vec<Weak<Entries>> = thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(read)).collect();
        let replace = |number| {
            list.replace(generation(number)).unwrap();
            Arc::downgrade(&list.current.load_full().unwrap())
        };
        let generations = (1..=REPLACEMENTS).map(replace).collect();
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.join().unwrap();
        }
        generations
    });
    assert!(reads.into_inner() > 0);
    let alive = generations.iter().filter(|it| it.strong_count() > 0);
    assert_eq!(alive.count(), 1, "replaced lists are freed");
    assert_eq!(list.read(number_of), Ok(REPLACEMENTS));
    drop(list);
    assert_eq!(generations.last().unwrap().strong_count(), 0);
}

#[test]
fn a_variable_that_is_read_late_does_not_undo_what_was_replaced() {
    static LIST: OriginList = OriginList::new().allow_empty();
    let late = LIST.first_entries().unwrap();
    LIST.replace(["https://new.example.com"]).unwrap();
    LIST.start().unwrap();
    assert_eq!((late.len(), LIST.len()), (0, 1));
}
