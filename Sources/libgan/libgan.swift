@_exported import GanABI
