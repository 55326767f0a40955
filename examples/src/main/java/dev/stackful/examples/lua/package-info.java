/** Lua's coroutines, as LuaJ runs Lua, on this library. */
package dev.stackful.examples.lua;
