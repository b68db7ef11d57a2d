//! Makes a core module a component, and refuses one that imports anything.

use anyhow::{Context, Result, bail};
use wit_component::{ComponentEncoder, DecodedWasm};

/// The interfaces of the playbook world.
const EXPORTS: [&str; 3] = ["about", "matching", "conversation"];

/// The component of a core module.
pub fn encode(module: &[u8]) -> Result<Vec<u8>> {
    let component = ComponentEncoder::default()
        .module(module)
        .context("the module does not fit the playbook world; is `export!` missing?")?
        .validate(true)
        .encode()
        .context("the module does not fit the playbook world; is `export!` missing?")?;
    check(&component)?;
    Ok(component)
}

/// What a component has to do with the outside, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interfaces {
    pub imports: Vec<String>,
    pub exports: Vec<String>,
}

/// Imports and exports of a component, whether or not it is a playbook.
pub fn interfaces(component: &[u8]) -> Result<Interfaces> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(component)? else {
        bail!("this is a package of interfaces, not a component");
    };
    let world = &resolve.worlds[world];
    Ok(Interfaces {
        imports: world.imports.keys().map(|key| resolve.name_world_key(key)).collect(),
        exports: world.exports.keys().map(|key| resolve.name_world_key(key)).collect(),
    })
}

/// A component that imports nothing and exports what a playbook must.
fn check(component: &[u8]) -> Result<()> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(component)? else {
        bail!("the result is a package of interfaces, not a component");
    };
    let world = &resolve.worlds[world];
    for key in world.imports.keys() {
        let name = resolve.name_world_key(key);
        // An interface that only names types grants nothing; anything else is refused.
        let only_types = resolve.interfaces.iter().any(|(id, interface)| {
            let resource = |id| resolve.types[id].kind.as_str() == "resource";
            resolve.id_of(id).as_deref() == Some(&name)
                && interface.functions.is_empty()
                && !interface.types.values().any(|id| resource(*id))
        });
        if !only_types {
            bail!("the component imports {name}; a playbook imports nothing");
        }
    }
    let exports: Vec<String> =
        world.exports.keys().map(|key| resolve.name_world_key(key)).collect();
    for interface in EXPORTS {
        let prefix = format!("agenticcalling:playbook/{interface}@");
        if !exports.iter().any(|name| name.starts_with(&prefix)) {
            bail!("the component does not export {interface}; is `export!` missing?");
        }
    }
    Ok(())
}
