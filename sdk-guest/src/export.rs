//! Turns a type that implements `Playbook` into the exports of the contract's world.

use std::cell::RefCell;
use std::marker::PhantomData;

use bindings::agenticcalling::playbook::types as t;
use bindings::exports::agenticcalling::playbook::{about, conversation, matching};

use crate::Playbook;

/// What `wit/` says, as Rust. Authors use the names re-exported at the root instead.
#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "playbook",
        pub_export_macro: true,
        export_macro_name: "export_world",
        default_bindings_module: "agenticcalling_playbook::bindings",
        additional_derives: [PartialEq],
    });
}

/// Makes a type that implements [`Playbook`] the playbook of this component. Once per crate.
///
/// Elsewhere than on WebAssembly it only checks that the type is a playbook, so that the crate
/// can be tested natively.
#[macro_export]
macro_rules! export {
    ($playbook:ty) => {
        #[cfg(target_arch = "wasm32")]
        mod exported_playbook {
            use super::*;
            type Component = $crate::Exported<$playbook>;
            $crate::bindings::export_world!(Component with_types_in $crate::bindings);
        }
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() -> $crate::Description = <$playbook as $crate::Playbook>::describe;
    };
}

/// The component made of a playbook.
#[doc(hidden)]
pub struct Exported<P>(PhantomData<P>);

impl<P: Playbook> about::Guest for Exported<P> {
    fn describe() -> about::Description {
        P::describe()
    }
}

impl<P: Playbook> matching::Guest for Exported<P> {
    fn score(objective: String, language: String) -> u8 {
        P::score(&objective, &language)
    }
}

impl<P: Playbook> conversation::Guest for Exported<P> {
    type Call = Held<P>;
}

/// One call. The contract lends it out shared, and never twice at once: a component is single
/// threaded and has no imports through which it could be entered again.
#[doc(hidden)]
pub struct Held<P>(RefCell<P>);

impl<P: Playbook> conversation::GuestCall for Held<P> {
    fn new(brief: t::Brief) -> Self {
        Held(RefCell::new(P::new(brief)))
    }

    fn plan(&self) -> t::Plan {
        self.0.borrow_mut().plan()
    }

    fn heard(&self, turn: t::Turn) -> Option<t::Guidance> {
        self.0.borrow_mut().heard(turn)
    }

    fn spoke(&self, turn: t::Turn) {
        self.0.borrow_mut().spoke(turn);
    }

    fn check(&self, clause: t::Clause) -> t::Verdict {
        self.0.borrow_mut().check(&clause)
    }

    fn tool(&self, name: String, arguments: t::Json) -> Result<t::ToolOutcome, String> {
        self.0.borrow_mut().tool(&name, &arguments)
    }

    fn may_end(&self) -> Result<(), t::Guidance> {
        self.0.borrow_mut().may_end()
    }

    fn extraction(&self) -> t::ExtractionRequest {
        self.0.borrow_mut().extraction()
    }

    fn finish(
        &self,
        transcript: Vec<t::Turn>,
        draft: Option<t::Json>,
    ) -> Result<t::Report, String> {
        self.0.borrow_mut().finish(&transcript, draft.as_deref())
    }
}
