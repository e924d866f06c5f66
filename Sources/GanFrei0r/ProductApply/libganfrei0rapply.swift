@_exported import GanABI
@_exported import GanFrei0rApply
